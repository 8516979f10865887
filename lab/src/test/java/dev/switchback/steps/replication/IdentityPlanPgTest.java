package dev.switchback.steps.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchback.lab.pg.PgServer;
import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Sql;
import dev.switchback.steps.replication.IdentityPlan.Identity;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the plan says, the server agrees with: applied, published, written to and put back. */
class IdentityPlanPgTest {
    private static final Map<String, String> LOGICAL = Map.of("wal_level", "logical");
    private static final String STATES =
            """
            SELECT oid::regclass || ' ' || relreplident::text FROM pg_class
            WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1
            """;

    @ParameterizedTest
    @ValueSource(ints = {13, 17})
    void everyCaseGetsTheIdentityThatTheServerTakes(int major) throws Exception {
        cases(major);
    }

    @Tag("boundaries")
    @ParameterizedTest
    @ValueSource(ints = {14, 15, 16, 18})
    void everyCaseOnTheOtherMajors(int major) throws Exception {
        cases(major);
    }

    private static void cases(int major) throws Exception {
        try (PgServer server = PgServer.start(major, List.of("localhost"), LOGICAL);
                Connection session = server.connect("postgres")) {
            Sql.run(session, Sql.resource(IdentityPlanPgTest.class, "identity-cases.sql"));
            List<String> before = Sql.list(session, STATES, row -> row.getString(1));
            List<Identity> plan = IdentityPlan.of(session, Exclusions.spilo());

            assertThat(plan.stream().map(IdentityPlanPgTest::line))
                    .containsExactlyElementsOf(expected());
            assertThat(named(plan, "bad_json").impossible().orElseThrow()).contains("doc (json)");
            assertThat(named(plan, "bad_domains").impossible().orElseThrow())
                    .contains("docs (paper[])");
            assertThat(named(plan, "bad_generated").impossible().orElseThrow())
                    .contains("generated column");
            assertThat(named(plan, "index_gone").undoSql()).endsWith(" NOTHING");

            applied(session, plan);

            for (Identity identity : plan.reversed()) {
                Sql.run(session, identity.undoSql());
            }
            List<String> after = Sql.list(session, STATES, row -> row.getString(1));
            assertThat(after)
                    .as("as before, but for the index that is gone")
                    .containsExactlyElementsOf(
                            before.stream()
                                    .map(s -> s.replace("index_gone i", "index_gone n"))
                                    .toList());
        }
    }

    private static void applied(Connection session, List<Identity> plan) throws SQLException {
        Sql.run(session, "INSERT INTO no_key (id) VALUES (1)");
        Sql.run(session, "CREATE PUBLICATION everything FOR ALL TABLES");
        assertThatThrownBy(() -> Sql.run(session, "UPDATE no_key SET id = 2"))
                .hasMessageContaining("does not have a replica identity");
        for (Identity identity : plan) {
            if (identity.impossible().isPresent()) {
                assertThat(identity.sql()).isEmpty();
            } else {
                Sql.run(session, identity.sql());
                Sql.run(session, "DELETE FROM " + identity.table().sql());
            }
        }
        Sql.run(session, "UPDATE no_key SET id = 2");
        Sql.run(session, "INSERT INTO logbook VALUES ('2020-05-05', 'x')");
        Sql.run(session, "UPDATE logbook SET line = 'y'");
        assertThat(IdentityPlan.of(session, Exclusions.spilo()))
                .allSatisfy(left -> assertThat(left.impossible()).isPresent());
        Sql.run(session, "DROP PUBLICATION everything");
    }

    private static List<String> expected() {
        return """
        Odd "Table USING INDEX "odd ""index"
        bad_composite impossible
        bad_deferrable impossible
        bad_domains impossible
        bad_full impossible
        bad_generated impossible
        bad_json impossible
        bad_xml impossible
        deferrable_index FULL
        deferrable_key FULL
        expression_index FULL
        full_but_index USING INDEX "full_but_index_once"
        included USING INDEX "included_once"
        index_gone FULL
        logbook_old FULL
        no_key FULL
        nullable_unique FULL
        partial_index FULL
        switched_off DEFAULT
        two_indexes USING INDEX "two_indexes_c"
        """
                .lines()
                .toList();
    }

    private static String line(Identity identity) {
        return identity.table().name()
                + " "
                + (identity.impossible().isPresent()
                        ? "impossible"
                        : identity.sql().replaceFirst(".* REPLICA IDENTITY ", ""));
    }

    private static Identity named(List<Identity> plan, String table) {
        Map<String, Identity> byName =
                plan.stream().collect(Collectors.toMap(i -> i.table().name(), Function.identity()));
        Identity found = byName.get(table);
        if (found == null) {
            throw new AssertionError(table + " is not in " + byName.keySet());
        }
        return found;
    }
}
