package dev.switchback.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.switchback.lab.pg.PgServer;
import dev.switchback.lab.traps.Trap;
import dev.switchback.lab.traps.TrapDatabase;
import dev.switchback.lab.traps.TrapDatabase.Planted;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Sql;
import dev.switchback.schema.ClientTools;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * The smoke database copied by {@code switchback copy} and compared by {@code switchback verify},
 * as the shipped program, on every pair of majors that docs/never-wrong.md lists; then trap by
 * trap, by questions that neither command knows. Run with {@code ./mvnw -Pboundaries verify}.
 */
@Tag("boundaries")
class NeverWrongPgTest {
    private static final String DATABASE = "traps";

    /** Source and target major. */
    record Pair(int source, int target) {
        boolean served() {
            return ClientTools.installed().stream()
                    .anyMatch(tools -> tools.major() >= source && tools.major() <= target);
        }

        @Override
        public String toString() {
            return source + " -> " + target;
        }
    }

    /** One difference made by hand on the target, how it is taken back, and what names it. */
    private record Change(String what, String make, String takeBack, List<String> named) {}

    private static final List<Change> CHANGES =
            List.of(
                    new Change(
                            "one row",
                            "SET session_replication_role = replica;"
                                    + " UPDATE t_plain.t SET n = 1.0 WHERE id = 1",
                            "SET session_replication_role = replica;"
                                    + " UPDATE t_plain.t SET n = 1.00 WHERE id = 1",
                            List.of("t_plain.t", "id=1")),
                    new Change(
                            "one owner",
                            "ALTER TABLE t_idx.t OWNER TO trap_owner",
                            "ALTER TABLE t_idx.t OWNER TO postgres",
                            List.of("t_idx.t", "owner")),
                    new Change(
                            "one index definition",
                            "DROP INDEX t_idx.pattern; CREATE INDEX pattern ON t_idx.t (a)",
                            "DROP INDEX t_idx.pattern;"
                                    + " CREATE INDEX pattern ON t_idx.t (a text_pattern_ops)",
                            List.of("index pattern on t_idx.t", "text_pattern_ops")),
                    new Change(
                            "one sequence",
                            "SELECT setval('t_seq.once', 1, false)",
                            "SELECT setval('t_seq.once', 1, true)",
                            List.of("t_seq.once")));

    @TestFactory
    Stream<DynamicNode> theSmokeDatabaseArrivesWholeOn() {
        return Stream.of(new Pair(15, 17), new Pair(13, 17), new Pair(15, 18), new Pair(17, 18))
                .map(pair -> dynamicContainer(pair.toString(), tests(pair)));
    }

    private static Stream<DynamicNode> tests(Pair pair) {
        if (!pair.served()) {
            return Stream.of(
                    dynamicTest(
                            "skipped: no pg_dump from " + pair.source() + " to " + pair.target(),
                            () -> Assumptions.abort("no client programs for " + pair)));
        }
        // servers start when the container's turn comes, and end with it
        return Stream.of(pair)
                .flatMap(p -> {
                    Bout bout = Bout.start(p);
                    return bout.tests().onClose(bout::close);
                });
    }

    private record Bout(Pair pair, PgServer source, PgServer target, Planted planted) {

        static Bout start(Pair pair) {
            PgServer source = PgServer.start(pair.source());
            PgServer target = PgServer.start(pair.target());
            try {
                TrapDatabase.createRoles(source);
                TrapDatabase.createRoles(target);
                Planted planted = TrapDatabase.create(source, target, DATABASE);
                try (Connection postgres = target.connect("postgres")) {
                    Sql.run(postgres, "CREATE DATABASE " + DATABASE);
                }
                return new Bout(pair, source, target, planted);
            } catch (SQLException | RuntimeException e) {
                source.close();
                target.close();
                throw new IllegalStateException("the smoke database of " + pair, e);
            }
        }

        void close() {
            source.close();
            target.close();
        }

        Stream<DynamicNode> tests() {
            List<DynamicNode> tests = new ArrayList<>();
            tests.add(dynamicTest("copy exits 0", () -> expect(0, "copy", "--jobs", "2")));
            tests.add(dynamicTest("verify exits 0", () -> expect(0, "verify", "--jobs", "2")));
            planted.held().forEach(trap -> tests.add(same(trap)));
            planted.skipped()
                    .forEach((trap, why) ->
                            tests.add(
                                    dynamicTest(
                                            trap + " skipped: " + why,
                                            () -> Assumptions.abort(why))));
            CHANGES.forEach(change -> tests.add(noticed(change)));
            tests.add(dynamicTest("verify exits 0 again", () -> expect(0, "verify")));
            tests.add(dynamicTest("verify --deep exits 0", () -> expect(0, "verify", "--deep")));
            return tests.stream();
        }

        private DynamicTest same(Trap trap) {
            return dynamicTest(
                    trap.id() + ": " + trap.title(),
                    () -> {
                        try (Connection here = source.connect(DATABASE);
                                Connection there = target.connect(DATABASE)) {
                            assertThat(trap.answers(there))
                                    .isNotEmpty()
                                    .isEqualTo(trap.answers(here));
                        }
                    });
        }

        private DynamicTest noticed(Change change) {
            return dynamicTest(
                    "verify exits 4 and names " + change.what() + " changed by hand",
                    () -> {
                        try (Connection there = target.connect(DATABASE)) {
                            Sql.run(there, change.make());
                        }
                        try {
                            Cli.Said said = expect(4, "verify");
                            assertThat(said.out()).contains(change.named());
                        } finally {
                            try (Connection there = target.connect(DATABASE)) {
                                Sql.run(there, change.takeBack());
                            }
                        }
                    });
        }

        private Cli.Said expect(int exit, String command, String... options) throws Exception {
            List<String> arguments = new ArrayList<>(List.of(command));
            arguments.addAll(List.of("--from", conninfo(source), "--to", conninfo(target)));
            arguments.addAll(List.of(options));
            Cli.Said said =
                    Cli.child(
                            Map.of("PGPASSWORD", PgServer.SUPERUSER_PASSWORD.reveal()), arguments);
            assertThat(said.exit()).as(said.all()).isEqualTo(exit);
            return said;
        }

        private static String conninfo(PgServer server) {
            ConnectionSpec spec = server.superuser(DATABASE);
            return "host="
                    + spec.host()
                    + (spec.hostAddress() == null ? "" : " hostaddr=" + spec.hostAddress())
                    + " port="
                    + spec.port()
                    + " dbname="
                    + DATABASE
                    + " user="
                    + spec.user()
                    + " sslmode=verify-full sslrootcert="
                    + server.caFile();
        }
    }
}
