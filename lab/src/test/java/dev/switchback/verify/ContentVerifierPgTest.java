package dev.switchback.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.lab.pg.NastyDatabase;
import dev.switchback.lab.pg.PgServer;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Exclusions;
import dev.switchback.pg.PinnedSnapshot;
import dev.switchback.pg.Secret;
import dev.switchback.pg.Sql;
import dev.switchback.pg.Stopper;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ContentVerifierPgTest {
    private static PgServer source;
    private static PgServer target;

    @BeforeAll
    static void startServers() {
        source = PgServer.start(15);
        target = PgServer.start(17);
    }

    @AfterAll
    static void stopServers() {
        source.close();
        target.close();
    }

    @Test
    void onePlantedDifferenceOfEachKindIsFoundWithItsKey() throws Exception {
        on(
                "planted",
                "CREATE TABLE wide (id int, part text, v bytea, n numeric, f float8, PRIMARY KEY (part, id))",
                "INSERT INTO wide SELECT i, 'p' || i % 3, decode(md5(i::text), 'hex'), i / 4.0, i FROM generate_series(1, 20000) i",
                "CREATE TABLE gone (id int PRIMARY KEY)",
                "INSERT INTO gone SELECT generate_series(1, 500)",
                "CREATE TABLE doubled (a int, b text)",
                "INSERT INTO doubled SELECT i, 'same' FROM generate_series(1, 500) i, generate_series(1, 2)",
                "CREATE TABLE scale (id int PRIMARY KEY, n numeric, z float8, j json, i interval)",
                "INSERT INTO scale VALUES (1, 1.0, 0, '{}', '30 days'), (2, 1.0, 0, '{}', '30 days'), (3, 1.0, 0, '{}', '30 days')",
                "CREATE TABLE equal (id int PRIMARY KEY, \"row_text\" text, place text, r text, t text)",
                "INSERT INTO equal SELECT i, 'x', 'y', NULL, '' FROM generate_series(1, 100) i",
                "CREATE TABLE shape (a int, b int)",
                "CREATE MATERIALIZED VIEW counted AS SELECT count(*) FROM gone");
        try (Connection c = target.connect("planted")) {
            Sql.run(c, "UPDATE wide SET v = set_byte(v, 7, get_byte(v, 7) # 1) WHERE id = 777");
            Sql.run(c, "DELETE FROM gone WHERE id = 42");
            Sql.run(c, "INSERT INTO gone VALUES (-1)");
            Sql.run(c, "INSERT INTO doubled VALUES (7, 'same')");
            Sql.run(c, "UPDATE scale SET n = 1.00 WHERE id = 1");
            Sql.run(c, "UPDATE scale SET z = '-0' WHERE id = 2");
            Sql.run(c, "UPDATE scale SET i = '1 mon' WHERE id = 3");
            Sql.run(c, "ALTER TABLE shape RENAME b TO c");
            Sql.run(c, "CREATE TABLE extra (id int)");
            Sql.run(
                    c,
                    "INSERT INTO gone VALUES (-2); REFRESH MATERIALIZED VIEW counted; DELETE FROM gone WHERE id = -2;");
        }
        ContentReport report =
                new ContentVerifier(Exclusions.none(), 2)
                        .verify(spec(source), spec(target), v -> {}, Stopper.NEVER);

        assertThat(report.tablesVerified()).isEqualTo(7);
        assertThat(report.mismatches())
                .extracting(v -> v.table().name())
                .containsExactly("doubled", "extra", "gone", "scale", "shape", "wide");
        assertThat(examples(report, "wide")).containsExactly("(part, id)=(p0,777) differs");
        assertThat(examples(report, "gone"))
                .containsExactlyInAnyOrder("id=42 only on the source", "id=-1 only on the target");
        assertThat(examples(report, "scale"))
                .containsExactlyInAnyOrder("id=1 differs", "id=2 differs", "id=3 differs");
        assertThat(examples(report, "doubled"))
                .singleElement()
                .asString()
                .contains("of the source 2 times on the source, 3 on the target");
        assertThat(examples(report, "shape")).containsExactly("the columns differ");
        assertThat(verdict(report, "extra").rowsSource()).isEqualTo(TableVerdict.ABSENT);
        assertThat(report.materializedViews())
                .singleElement()
                .satisfies(v -> assertThat(v.equal()).isFalse());
        assertThat(Counts.compare(spec(source), spec(target), Exclusions.none(), 2, Stopper.NEVER))
                .filteredOn(v -> !v.equal())
                .extracting(v -> v.table().name())
                .containsExactly("doubled", "extra");
    }

    @Test
    void thePinnedSnapshotsAreComparedNotWhatCameLater() throws Exception {
        on(
                "pinned",
                "CREATE TABLE t (id int PRIMARY KEY, v text)",
                "INSERT INTO t VALUES (1, 'a')");
        ContentVerifier verifier = new ContentVerifier(Exclusions.none(), 1);
        ConnectionSpec there = source.superuser("pinned");
        ConnectionSpec here = target.superuser("pinned");
        try (PinnedSnapshot before = PinnedSnapshot.open(there);
                PinnedSnapshot after = PinnedSnapshot.open(here);
                Connection c = target.connect("pinned")) {
            Sql.run(c, "UPDATE t SET v = 'b'");
            assertThat(verifier.verify(before, after, v -> {}, Stopper.NEVER).equal()).isTrue();
            assertThat(verifier.verify(there, here, v -> {}, Stopper.NEVER).equal()).isFalse();
            assertThat(after.isAlive()).isTrue();

            Sql.run(
                    c,
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'pinned' AND state = 'idle in transaction'");
            assertThat(after.isAlive()).isFalse();
            assertThatThrownBy(() -> verifier.verify(before, after, v -> {}, Stopper.NEVER))
                    .isInstanceOfSatisfying(
                            SwitchbackException.class,
                            e -> assertThat(e.code()).isEqualTo(Code.CONTENT_NOT_PROVEN));
        }
    }

    @Test
    void aTableThatCannotBeReadIsNeverEqual() throws Exception {
        on("unreadable", "CREATE TABLE t (id int PRIMARY KEY)", "CREATE TABLE u (id int)");
        try (Connection c = target.connect("unreadable")) {
            Sql.run(c, "CREATE ROLE reader LOGIN BYPASSRLS PASSWORD 'r'");
            Sql.run(c, "GRANT SELECT ON t TO reader");
        }
        ConnectionSpec here = target.superuser("unreadable").withLogin("reader", Secret.of("r"));
        assertThatThrownBy(() ->
                        new ContentVerifier(Exclusions.none(), 2)
                                .verify(
                                        source.superuser("unreadable"),
                                        here,
                                        v -> {},
                                        Stopper.NEVER))
                .isInstanceOfSatisfying(
                        SwitchbackException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(Code.CONTENT_NOT_PROVEN);
                            assertThat(e.getMessage())
                                    .contains("public.u", "target", "permission denied");
                        });
    }

    private static ConnectionSpec spec(PgServer server) {
        return server.superuser("planted");
    }

    private static TableVerdict verdict(ContentReport report, String table) {
        return report.tables().stream()
                .filter(v -> v.table().name().equals(table))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> examples(ContentReport report, String table) {
        return verdict(report, table).examples();
    }

    private static void on(String database, String... statements) throws SQLException {
        for (PgServer server : List.of(source, target)) {
            NastyDatabase.createEmpty(server, database);
            try (Connection c = server.connect(database)) {
                for (String statement : statements) {
                    Sql.run(c, statement);
                }
            }
        }
    }
}
