package dev.switchback.steps.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.lab.pg.PgServer;
import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Sql;
import dev.switchback.steps.replication.IdentityPlan.Identity;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Updates and deletes of every table that the plan mends arrive over a native subscription, and
 * those of a table that it calls impossible stop the link: forward and back.
 */
class IdentitiesOverALinkPgTest {
    private static final Map<String, String> LOGICAL = Map.of("wal_level", "logical");

    @ParameterizedTest
    @CsvSource({"15, 17", "17, 15"})
    void whatThePlanMendsArrivesAndWhatItCallsImpossibleStops(int from, int to) throws Exception {
        try (PgServer publisher = PgServer.start(from, List.of("localhost"), LOGICAL);
                PgServer subscriber = PgServer.start(to, List.of("localhost"), LOGICAL);
                Connection source = publisher.connect("postgres");
                Connection target = subscriber.connect("postgres")) {
            for (Connection side : List.of(source, target)) {
                Sql.run(side, Sql.resource(IdentityPlanPgTest.class, "identity-cases.sql"));
                for (Identity identity : IdentityPlan.of(side, Exclusions.spilo())) {
                    if (identity.impossible().isEmpty()) {
                        Sql.run(side, identity.sql());
                    }
                }
            }
            Sql.run(source, "ALTER TABLE bad_json REPLICA IDENTITY FULL");
            Sql.run(source, "ALTER TABLE bad_generated REPLICA IDENTITY FULL");
            Sql.run(source, "CREATE PUBLICATION everything FOR ALL TABLES");
            Sql.run(
                    target,
                    "CREATE SUBSCRIPTION link CONNECTION 'host="
                            + publisher.address()
                            + " port=5432 dbname=postgres user=postgres password="
                            + PgServer.SUPERUSER_PASSWORD.reveal()
                            + " sslmode=require' PUBLICATION everything WITH (copy_data = false)");

            Sql.run(source, Sql.resource(IdentitiesOverALinkPgTest.class, "identity-writes.sql"));
            await(() ->
                    Sql.one(target, "SELECT count(*) FROM works_by_key WHERE id = 99").equals("1"));
            assertThat(contents(source)).contains("included: [(1,5,{})]", "index_gone: [(3)]");
            assertThat(contents(target)).containsExactlyElementsOf(contents(source));
            assertThat(errors(target)).isZero();

            stops(source, target, "bad_json", "(id, doc) VALUES (1, '{}')", "id = 2");
            stops(source, target, "bad_generated", "(a) VALUES (1)", "a = 2");
        }
    }

    /** The link stands still until the table's changes are taken out of its way. */
    private static void stops(
            Connection source, Connection target, String table, String row, String change)
            throws Exception {
        Sql.run(source, "INSERT INTO " + table + " " + row);
        await(() -> Sql.one(target, "SELECT count(*) FROM " + table).equals("1"));
        long before = errors(target);
        Sql.run(source, "UPDATE " + table + " SET " + change);
        await(() -> errors(target) > before);
        // without the row there is nothing to compare: the change passes
        Sql.run(target, "TRUNCATE " + table);
        Sql.run(source, "INSERT INTO works_in_full VALUES (7, '" + table + "')");
        if (table.equals("bad_json")) {
            await(() ->
                    Sql.one(
                                    target,
                                    "SELECT count(*) FROM works_in_full WHERE name = '"
                                            + table
                                            + "'")
                            .equals("1"));
        }
    }

    private static long errors(Connection target) throws SQLException {
        return Long.parseLong(
                Sql.one(target, "SELECT apply_error_count FROM pg_stat_subscription_stats"));
    }

    private static List<String> contents(Connection side) throws SQLException {
        List<String> contents = new ArrayList<>();
        for (String table :
                Sql.list(
                        side,
                        """
                        SELECT oid::regclass::text FROM pg_class
                        WHERE relkind = 'r' AND relpersistence = 'p' AND relnamespace = 'public'::regnamespace
                        ORDER BY relname COLLATE "C"
                        """,
                        row -> row.getString(1))) {
            contents.add(
                    table
                            + ": "
                            + Sql.list(
                                    side,
                                    "SELECT x::text FROM " + table + " x ORDER BY 1",
                                    row -> row.getString(1)));
        }
        return contents;
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        Instant deadline = Instant.now().plus(Duration.ofSeconds(30));
        while (!condition.call()) {
            assertThat(Instant.now()).as("in time").isBefore(deadline);
            Thread.sleep(50);
        }
    }
}
