package dev.switchback.steps.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.engine.Finding;
import dev.switchback.engine.Observation;
import dev.switchback.estimate.Rates;
import dev.switchback.lab.pg.PgServer;
import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Sql;
import dev.switchback.steps.Findings;
import dev.switchback.steps.replication.Question.Place;
import dev.switchback.steps.replication.ServerLimits.Side;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each trap of logical replication is found, and gone when its own remedy was applied. */
class ReplicationChecksPgTest {
    private static final Exclusions EXCLUSIONS = Exclusions.spilo();
    private static final List<String> SHOP = List.of("shop");
    private static final Map<String, String> ROOMY =
            Map.of("wal_level", "logical", "max_prepared_transactions", "5");

    @ParameterizedTest
    @CsvSource({"15, 17"})
    void everyTrapIsFoundAndItsRemedyMendsIt(int source, int target) throws Exception {
        traps(source, target);
    }

    @Tag("boundaries")
    @ParameterizedTest
    @CsvSource({"13, 18", "14, 16", "16, 15", "17, 18", "18, 18"})
    void everyTrapOnTheOtherMajors(int source, int target) throws Exception {
        traps(source, target);
    }

    private static void traps(int source, int target) throws Exception {
        try (PgServer old = PgServer.start(source, List.of("localhost"), ROOMY);
                PgServer fresh = PgServer.start(target, List.of("localhost"), ROOMY)) {
            for (PgServer server : List.of(old, fresh)) {
                try (Connection postgres = server.connect("postgres")) {
                    Sql.run(postgres, "CREATE DATABASE shop");
                }
            }
            try (Connection server = old.connect("postgres");
                    Connection shop = old.connect("shop")) {
                assertThat(ask(server, Place.SOURCE_SERVER)).isEmpty();
                assertThat(ask(shop, Place.SOURCE_DATABASE)).isEmpty();
                Sql.run(shop, Sql.resource(ReplicationChecksPgTest.class, "replication-traps.sql"));
                sourceDatabase(shop);
                pauseLoad(shop);
                sourceServer(server, shop);
            }
            try (Connection server = fresh.connect("postgres");
                    Connection shop = fresh.connect("shop")) {
                target(server, shop);
            }
        }
    }

    private static void sourceDatabase(Connection shop) throws SQLException {
        assertThat(lines(ask(shop, Place.SOURCE_DATABASE)))
                .containsExactlyInAnyOrder(
                        "FAIL SB-495 public.item",
                        "FAIL SB-495 public.item",
                        "FAIL SB-495 public.item",
                        "FAIL SB-495 public.logbook_old",
                        "WARN SB-495 watches",
                        "WARN SB-496 all_of_it");
        for (Finding finding : ask(shop, Place.SOURCE_DATABASE)) {
            String remedy = finding.problem().remedy();
            Sql.run(
                    shop,
                    finding.problem().object().equals("watches")
                            ? "ALTER EVENT TRIGGER watches DISABLE"
                            : remedy.substring(0, remedy.indexOf(" until")));
        }
        Sql.run(shop, "SET allow_system_table_mods = on");
        Sql.run(shop, "UPDATE pg_extension SET extname = 'timescaledb' WHERE extname = 'plpgsql'");
        assertThat(lines(ask(shop, Place.SOURCE_DATABASE)))
                .containsExactly("FAIL SB-497 timescaledb");
        Sql.run(shop, "UPDATE pg_extension SET extname = 'plpgsql' WHERE extname = 'timescaledb'");
        assertThat(ask(shop, Place.SOURCE_DATABASE)).isEmpty();
    }

    private static void pauseLoad(Connection shop) throws SQLException {
        Findings findings = new Findings(List.of());
        PauseLoad load = PauseLoad.of(shop, EXCLUSIONS);
        load.tell("shop", Rates.assumed("a test"), dev.switchback.spec.Online.DEFAULT, findings);
        assertThat(lines(found(findings)))
                .containsExactly(
                        "WARN SB-494 shop unlogged tables",
                        "WARN SB-494 shop large objects",
                        "WARN SB-494 shop materialized views");
        assertThat(found(findings).getFirst().problem().what())
                .startsWith("1 unlogged table(s), 3.")
                .contains("public.session_store", "about 0.2 s at 15 MB/s (assumed)");
        assertThat(found(findings).getLast().problem().what())
                .startsWith("1 materialized view(s)")
                .contains("public.doubled")
                .doesNotContain("never_filled");
        assertThat(load.generated().names()).isEqualTo("public.item");
        Sql.run(shop, "ALTER TABLE session_store SET LOGGED");
        Sql.run(shop, "SELECT lo_unlink(oid) FROM pg_largeobject_metadata");
        Sql.run(shop, "REFRESH MATERIALIZED VIEW doubled WITH NO DATA");
        assertThat(PauseLoad.of(shop, EXCLUSIONS).isEmpty()).isTrue();
    }

    private static void sourceServer(Connection server, Connection shop) throws SQLException {
        Sql.run(shop, "BEGIN; INSERT INTO item VALUES (1); PREPARE TRANSACTION 'two''phase'");
        List<Finding> prepared = ask(server, Place.SOURCE_SERVER);
        assertThat(lines(prepared)).containsExactly("FAIL SB-313 shop");
        assertThat(prepared.getFirst().problem().remedy())
                .isEqualTo(
                        "in database shop: COMMIT PREPARED 'two''phase', or ROLLBACK PREPARED 'two''phase'");
        Sql.run(shop, "ROLLBACK PREPARED 'two''phase'");

        Sql.one(server, "SELECT pg_create_logical_replication_slot('debezium', 'pgoutput')");
        Sql.one(server, "SELECT pg_create_logical_replication_slot('switchback_f', 'pgoutput')");
        subscribe(shop, "mirror");
        assertThat(lines(ask(server, Place.SOURCE_SERVER)))
                .as("a subscription that is off passes no fence")
                .containsExactly("WARN SB-496 debezium");
        Sql.run(shop, "ALTER SUBSCRIPTION mirror ENABLE");
        assertThat(lines(ask(server, Place.SOURCE_SERVER)))
                .containsExactly("WARN SB-496 debezium", "FAIL SB-496 shop mirror");
        Sql.run(shop, "ALTER SUBSCRIPTION mirror DISABLE");
        Sql.one(server, "SELECT pg_drop_replication_slot('debezium')");
        assertThat(ask(server, Place.SOURCE_SERVER)).isEmpty();
        openTransactions(server, shop);
    }

    /** With the minute taken out of the query: the test has none. */
    private static void openTransactions(Connection server, Connection shop) throws SQLException {
        String query =
                Sql.resource(Question.class, "open-transactions.sql")
                        .replace("'60 seconds'", "'0 seconds'");
        assertThat(query).contains("'0 seconds'");
        shop.setAutoCommit(false);
        Sql.run(shop, "SELECT 1");
        assertThat(open(server, query)).as("one that only reads").isEmpty();
        Sql.run(shop, "INSERT INTO item VALUES (5)");
        assertThat(open(server, query))
                .singleElement()
                .satisfies(
                        what -> assertThat(what).contains("postgres (lab)", "idle in transaction"));
        shop.rollback();
        shop.setAutoCommit(true);
    }

    private static List<String> open(Connection server, String query) throws SQLException {
        return Sql.list(
                server,
                "WITH given (schemas, databases) AS (VALUES ('{}'::text[], '{}'::text[]))\n"
                        + query,
                row -> row.getString(2));
    }

    private static void subscribe(Connection session, String name) throws SQLException {
        Sql.run(
                session,
                "CREATE SUBSCRIPTION "
                        + name
                        + " CONNECTION 'host=127.0.0.1 port=1 dbname=x' PUBLICATION p WITH (connect = false)");
    }

    private static void target(Connection server, Connection shop) throws SQLException {
        assertThat(ask(server, Place.TARGET_SERVER)).isEmpty();
        assertThat(CheckReplicable.there(server, List.of("shop", "not_yet"))).isEqualTo(SHOP);
        subscribe(shop, "feed");
        subscribe(shop, "switchback_12345678_f");
        Sql.run(shop, "CREATE PUBLICATION all_of_it FOR ALL TABLES");
        assertThat(lines(ask(server, Place.TARGET_SERVER)))
                .containsExactly("FAIL SB-496 shop feed");
        assertThat(lines(ask(shop, Place.TARGET_DATABASE)))
                .containsExactly("FAIL SB-496 all_of_it");
        Sql.run(shop, "ALTER SUBSCRIPTION feed SET (slot_name = NONE)");
        Sql.run(shop, "DROP SUBSCRIPTION feed");
        Sql.run(shop, "DROP PUBLICATION all_of_it");
        assertThat(ask(server, Place.TARGET_SERVER)).isEmpty();
        assertThat(ask(shop, Place.TARGET_DATABASE)).isEmpty();
    }

    @Test
    void everyTableWithoutAnIdentityIsToldAndManyAreTakenTogether() throws Exception {
        try (PgServer server = PgServer.start(15);
                Connection session = server.connect("postgres")) {
            Sql.run(session, Sql.resource(IdentityPlanPgTest.class, "identity-cases.sql"));
            List<Finding> found = identities(session);
            assertThat(lines(found))
                    .contains(
                            "FAIL SB-493 shop public.bad_json",
                            "WARN SB-493 shop public.included",
                            "WARN SB-493 shop public.no_key")
                    .hasSize(20);
            assertThat(found)
                    .anyMatch(f ->
                            f.problem()
                                    .remedy()
                                    .startsWith(
                                            "ALTER TABLE ONLY \"public\".\"included\" REPLICA IDENTITY"
                                                    + " USING INDEX \"included_once\" on the source now"));
            Sql.run(
                    session,
                    """
                    DO $$ BEGIN FOR n IN 1..30 LOOP
                      EXECUTE format('CREATE TABLE plain_%s (id int)', n);
                    END LOOP; END $$
                    """);
            List<Finding> many = identities(session);
            assertThat(many).hasSize(7 + 25 + 1);
            assertThat(many.getLast().problem().what())
                    .startsWith("the rows of 18 more tables")
                    .contains("makes");
        }
    }

    private static List<Finding> identities(Connection session) throws SQLException {
        Findings findings = new Findings(List.of());
        CheckIdentities.look(session, "shop", EXCLUSIONS, findings);
        return found(findings);
    }

    @ParameterizedTest
    @CsvSource({"13", "15", "18"})
    void limitsAreWeighedForwardAndBack(int major) throws Exception {
        Map<String, String> tight =
                Map.of(
                        "wal_level", "replica",
                        "max_replication_slots", "2",
                        "max_wal_senders", "1",
                        "max_logical_replication_workers", "1",
                        "max_worker_processes", "3",
                        "synchronous_standby_names", "*",
                        "synchronous_commit", "local");
        try (PgServer server = PgServer.start(major, List.of("localhost"), tight);
                Connection session = server.connect("postgres")) {
            Sql.one(session, "SELECT pg_create_physical_replication_slot('member_1')");
            List<Finding> source = weighed(session, Side.SOURCE, 2);
            assertThat(lines(source))
                    .containsExactly(
                            "WARN SB-490 data/db",
                            "FAIL SB-491 data/db replication slots",
                            "FAIL SB-491 data/db WAL senders",
                            "FAIL SB-491 data/db logical replication workers",
                            "WARN SB-491 data/db");
            assertThat(source.get(1).problem().what())
                    .isEqualTo(
                            "max_replication_slots is 2, 1 in use; needed are 2 more, one a database");
            assertThat(source.get(1).problem().remedy())
                    .startsWith(
                            "kubectl patch postgresql db -n data --type merge -p"
                                    + " '{\"spec\":{\"postgresql\":{\"parameters\":{\"max_replication_slots\":\"5\"}}}}'");
            assertThat(source.get(1).problem().why()).contains("the link is not made");
            assertThat(source.get(3).problem().why()).contains("no way back");
            List<Finding> target = weighed(session, Side.TARGET, 3);
            assertThat(lines(target))
                    .contains("FAIL SB-490 data/db", "FAIL SB-491 data/db worker processes")
                    .doesNotContain("WARN SB-491 data/db");
            assertThat(lines(target).contains("FAIL SB-491 data/db replication origins"))
                    .as("of its own since 18, where 10 is the default")
                    .isEqualTo(major < 18);
        }
        try (PgServer server = PgServer.start(major, List.of("localhost"), ROOMY);
                Connection session = server.connect("postgres")) {
            assertThat(weighed(session, Side.SOURCE, 2)).isEmpty();
            assertThat(weighed(session, Side.TARGET, 2)).isEmpty();
            Sql.run(session, "CREATE TABLE busy AS SELECT generate_series(1, 200000)");
            assertThat(WalRate.measure(session).bytesASecond()).isGreaterThanOrEqualTo(0);
        }
    }

    private static List<Finding> weighed(Connection session, Side side, int links)
            throws SQLException {
        Findings findings = new Findings(List.of());
        new ServerLimits(
                        "data/db",
                        side == Side.SOURCE ? "postgresql" : "cluster",
                        "data",
                        "db",
                        side)
                .look(ReplicationLimits.of(session), links, findings);
        return found(findings);
    }

    @Test
    void aRoleWithoutRightsReadsTheLimitsToo() throws Exception {
        try (PgServer server = PgServer.start(17, List.of("localhost"), ROOMY);
                Connection session = server.connect("postgres")) {
            Sql.run(session, "CREATE ROLE app");
            Sql.run(session, "SET ROLE app");
            assertThat(weighed(session, Side.TARGET, 2)).isEmpty();
            assertThat(ask(session, Place.TARGET_SERVER)).isEmpty();
            assertThat(ask(session, Place.TARGET_DATABASE)).isEmpty();
        }
    }

    @Test
    void walIsMeasuredWhileSomebodyWrites() throws Exception {
        try (PgServer server = PgServer.start(15, List.of("localhost"), ROOMY);
                Connection session = server.connect("postgres");
                Connection writer = server.connect("postgres")) {
            Thread busy =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    Thread.sleep(300);
                                    Sql.run(
                                            writer,
                                            "CREATE TABLE busy AS SELECT generate_series(1, 200000)");
                                } catch (SQLException | InterruptedException e) {
                                    throw new IllegalStateException(e);
                                }
                            });
            WalRate rate = WalRate.measure(session);
            busy.join();
            assertThat(rate.now()).isGreaterThan(1e6);
            assertThat(rate.average()).as("counters younger than an hour").isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"13", "17"})
    void theLineOfPgHbaThatDecidesIsFound(int major) throws Exception {
        try (PgServer server = PgServer.start(major);
                Connection session = server.connect("postgres")) {
            Path file = server.dataDirectory().resolve("pg_hba.conf");
            Files.writeString(
                    file,
                    """
                    local all all trust
                    hostssl replication standby all md5
                    hostnossl all all all reject
                    hostssl shop switchback_12345678 10.1.0.0/16 reject
                    hostssl all all samenet md5
                    hostssl all +humans all pam
                    hostssl all all fd00::/8 cert
                    hostssl all all 10.0.0.0 255.0.0.0 scram-sha-256
                    """
                            + Files.readString(file));
            String role = "switchback_12345678";
            assertThat(HbaRule.first(session, "shop", role, "10.2.3.4"))
                    .contains(new HbaRule(8, "scram-sha-256"));
            assertThat(HbaRule.first(session, "shop", role, "10.1.3.4"))
                    .hasValueSatisfying(rule -> assertThat(rule.admits()).isFalse());
            assertThat(HbaRule.first(session, "blog", role, "10.1.3.4").map(HbaRule::admits))
                    .contains(true);
            assertThat(HbaRule.first(session, "shop", role, "fd00::1").map(HbaRule::method))
                    .contains("cert");
            assertThat(HbaRule.first(session, "shop", role, "192.0.2.1"))
                    .isEqualTo(Optional.empty());
            assertThat(HbaRule.first(session, "shop", role, server.address()).map(HbaRule::admits))
                    .contains(true);
        }
    }

    private static List<Finding> ask(Connection session, Place place) throws SQLException {
        Findings findings = new Findings(List.of());
        CheckReplicable.ask(session, place, EXCLUSIONS, SHOP, "", findings);
        List<Finding> found = found(findings);
        assertThat(found)
                .allSatisfy(f -> {
                    assertThat(f.problem().remedy()).isNotBlank();
                    assertThat(f.problem().why()).isNotBlank();
                });
        return found;
    }

    private static List<String> lines(List<Finding> findings) {
        return findings.stream()
                .map(f -> f.level() + " " + f.problem().code().id() + " " + f.problem().object())
                .toList();
    }

    private static List<Finding> found(Findings findings) {
        return switch (findings.observation()) {
            case Observation.Done done -> done.findings();
            case Observation.Impossible impossible -> impossible.findings();
            case Observation.Todo todo -> throw new AssertionError(todo.why());
        };
    }
}
