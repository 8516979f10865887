package dev.switchback.lab.mastodon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.lab.Await;
import dev.switchback.lab.pg.PgServer;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MastodonDatabasePgTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final PgServer server15 = PgServer.start(15);

    @AfterAll
    void stop() {
        server15.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {13, 15, 18})
    void aFilledDatabaseKeepsEveryRuleItDeclaresAndSpilosLeftoversLieAround(int major)
            throws Exception {
        PgServer server = major == 15 ? server15 : PgServer.start(major);
        try {
            SpiloLeftovers.install(server.superuser("postgres"));
            fresh(server, "mastodon", 0.01);
            SpiloLeftovers.install(server.superuser("postgres"));
            try (Connection c = server.connect("mastodon")) {
                assertThat(number(c, "SELECT count(*) FROM statuses")).isEqualTo(1300);
                assertThat(number(c, "SELECT count(*) FROM pg_largeobject_metadata"))
                        .isGreaterThan(10);
                assertThat(
                                number(
                                        c,
                                        "SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p')"
                                                + " AND relnamespace = 'public'::regnamespace"))
                        .isGreaterThan(25);
                assertThat(ownersOfApplicationTables(c)).containsExactly("mastodon");
                foreignKeysHold(c);
                assertThat(number(c, "SELECT count(*) FROM metric_helpers.table_bloat"))
                        .isPositive();
                assertThat(
                                Sql.one(
                                        c,
                                        "SELECT pg_has_role('admin', 'mastodon', 'MEMBER WITH ADMIN OPTION')::text"))
                        .isEqualTo("true");
            }
            try (Connection c = server.connect("template1")) {
                assertThat(Sql.one(c, "SELECT (pooler.user_lookup('mastodon')).phash"))
                        .startsWith("SCRAM-SHA-256");
            }
        } finally {
            if (server != server15) {
                server.close();
            }
        }
    }

    @Test
    void twoFillingsMakeTheSameRows() throws Exception {
        assertThat(digest(fresh(server15, "first", 0.005)))
                .isEqualTo(digest(fresh(server15, "second", 0.005)));
    }

    @Test
    void theReadOnlyRoleReadsAndCannotWrite() throws Exception {
        ConnectionSpec reader =
                fresh(server15, "read", 0.005)
                        .withLogin(MastodonSchema.READONLY, MastodonSchema.READONLY_PASSWORD);
        try (Connection c = Pg.open(reader)) {
            assertThat(number(c, "SELECT count(*) FROM statuses")).isPositive();
            assertThat(Sql.one(c, "SHOW default_transaction_read_only")).isEqualTo("on");
            assertThat(Sql.one(c, "SELECT has_table_privilege('statuses', 'INSERT')::text"))
                    .isEqualTo("false");
        }
    }

    @Test
    void theNoiseComesBackAfterTerminationAndRestart() throws Exception {
        try (PgServer server = PgServer.start(17)) {
            ConnectionSpec database = fresh(server, "noise", 0.005);
            ConnectionSpec application =
                    database.withLogin(MastodonSchema.OWNER, MastodonSchema.OWNER_PASSWORD);
            try (LabNoise noise = LabNoise.start(server.superuser("postgres"), application)) {
                noise.startReport();
                Await.until("the noise runs", SOON, noise::steadyOpen);
                Await.until("the report runs", SOON, noise::reportOpen);
                try (Connection c = server.connect("postgres")) {
                    assertThat(
                                    Sql.list(
                                            c,
                                            "SELECT application_name FROM pg_stat_activity WHERE"
                                                    + " backend_type = 'client backend' AND pid <> pg_backend_pid()",
                                            row -> row.getString(1)))
                            .contains(LabNoise.PATRONI, LabNoise.EXPORTER, LabNoise.REPORT);
                    Sql.list(
                            c,
                            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'noise'",
                            row -> row.getBoolean(1));
                }
                Await.until(
                        "the report was ended and is back",
                        SOON,
                        () -> noise.reportInterruptions() > 0 && noise.reportOpen());
                server.crash();
                Await.until("the noise noticed", SOON, () -> !noise.steadyOpen());
                server.restart();
                Await.until("the noise is back", SOON, noise::steadyOpen);
            }
            try (Connection c = server.connect("postgres")) {
                Await.until(
                        "no session is left",
                        SOON,
                        () ->
                                number(
                                                c,
                                                "SELECT count(*) FROM pg_stat_activity WHERE"
                                                        + " backend_type = 'client backend' AND pid <> pg_backend_pid()")
                                        == 0);
            }
        }
    }

    private static ConnectionSpec fresh(PgServer server, String name, double scale)
            throws Exception {
        try (Connection c = server.connect("postgres")) {
            MastodonSchema.createDatabase(c, name);
        }
        try (Connection c = server.connect(name)) {
            MastodonSchema.create(c);
        }
        MastodonData.fill(server.superuser(name), scale);
        return server.superuser(name);
    }

    private static long number(Connection c, String sql) throws Exception {
        return Long.parseLong(Sql.one(c, sql));
    }

    private static List<String> ownersOfApplicationTables(Connection c) throws Exception {
        return Sql.list(
                c,
                "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname IN ('public', 'Moderation Desk')",
                row -> row.getString(1));
    }

    private static String digest(ConnectionSpec spec) throws Exception {
        try (Connection c = Pg.open(spec)) {
            return Sql.one(
                    c,
                    "SELECT md5(string_agg(h, '' ORDER BY h)) FROM (SELECT md5(s::text) AS h FROM statuses s"
                            + " UNION ALL SELECT md5(a::text) FROM accounts a"
                            + " UNION ALL SELECT md5(f::text) FROM favourites f"
                            + " UNION ALL SELECT md5(m::text) FROM media_attachments m) AS rows");
        }
    }

    /** The filling sessions do not check foreign keys, so they are all validated here. */
    private static void foreignKeysHold(Connection c) throws Exception {
        c.setAutoCommit(false);
        Sql.run(
                c,
                """
                DO $$
                DECLARE
                    k record;
                BEGIN
                    FOR k IN SELECT conrelid::regclass AS t, conname, pg_get_constraintdef(oid) AS def
                        FROM pg_constraint WHERE contype = 'f' AND conparentid = 0
                    LOOP
                        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', k.t, k.conname);
                        EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I %s', k.t, k.conname, k.def);
                    END LOOP;
                END
                $$\
                """);
        c.rollback();
        c.setAutoCommit(true);
    }
}
