package dev.switchback.roles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.lab.pg.PgServer;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Secret;
import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoleTransferPgTest {
    private static final String SHOP = "shop";
    private static final List<String> DATABASES = List.of(SHOP);

    /** A Zalando cluster's roles, the operators' and the application's. */
    private static final String ZALANDO =
            """
            CREATE ROLE admin CREATEDB NOLOGIN;
            CREATE ROLE cron_admin; GRANT cron_admin TO admin; CREATE ROLE zalandos; CREATE ROLE robot_zmon;
            CREATE ROLE standby LOGIN REPLICATION PASSWORD 'x'; CREATE ROLE pooler LOGIN PASSWORD 'x';
            CREATE ROLE fes_user LOGIN REPLICATION PASSWORD 'x';
            CREATE ROLE jdoe LOGIN IN ROLE zalandos, admin; CREATE ROLE old_deleted;
            CREATE ROLE shop_reader; CREATE ROLE shop_writer IN ROLE shop_reader;
            CREATE ROLE shop LOGIN CREATEDB PASSWORD 'shop-secret' CONNECTION LIMIT 50
              VALID UNTIL '2099-12-31 00:00:00+00' IN ROLE admin;
            CREATE ROLE shop240101 LOGIN PASSWORD 'x' IN ROLE shop;
            CREATE ROLE order240101 LOGIN PASSWORD 'x';
            CREATE ROLE web LOGIN NOINHERIT PASSWORD 'web-secret' IN ROLE shop_writer, pg_monitor;
            CREATE ROLE "we""ird Näme" LOGIN BYPASSRLS PASSWORD 'weird-secret';
            CREATE ROLE reporting LOGIN SUPERUSER PASSWORD 'reporting-secret';
            GRANT shop_reader TO shop WITH ADMIN OPTION;
            COMMENT ON ROLE web IS 'the shop''s front';
            ALTER ROLE web SET role TO shop_writer; ALTER ROLE web SET search_path TO "$user", data, public;
            ALTER ROLE shop SET statement_timeout TO '30s'; ALTER ROLE shop SET extwlist.custom_path TO '/x'
            """;

    private static final String APP_SECRET = "from-the-app-secret";

    private static PgServer source;
    private static PgServer target;
    private static final RoleTransfer TRANSFER = new RoleTransfer(RolePolicy.ZALANDO);

    private Connection from;
    private Connection to;

    @BeforeAll
    static void startServers() throws SQLException {
        source = PgServer.start(15);
        target = PgServer.start(17);
        zalando(source);
        try (Connection c = target.connect("postgres")) {
            Sql.run(
                    c,
                    "CREATE ROLE streaming_replica LOGIN REPLICATION;"
                            + "CREATE ROLE shop LOGIN;"
                            + "ALTER ROLE shop SET work_mem TO '8MB'");
            Sql.run(c, "CREATE DATABASE shop OWNER shop");
        }
    }

    private static void zalando(PgServer server) throws SQLException {
        try (Connection c = server.connect("postgres")) {
            Sql.run(c, ZALANDO);
            Sql.run(c, "CREATE DATABASE shop OWNER shop");
            Sql.run(c, "ALTER DATABASE shop SET timezone TO 'Europe/Berlin'");
            Sql.run(c, "ALTER DATABASE shop SET default_transaction_read_only TO on");
            Sql.run(c, "ALTER ROLE web IN DATABASE shop SET work_mem TO '16MB'");
            Sql.run(c, "ALTER ROLE web IN DATABASE shop SET \"shop.tenant\" TO 'a=b'");
        }
        try (Connection c = server.connect(SHOP)) {
            Sql.run(c, "SET default_transaction_read_only = off");
            Sql.run(c, "CREATE TABLE audit (n int); ALTER TABLE audit OWNER TO admin");
        }
    }

    @AfterAll
    static void stopServers() {
        source.close();
        target.close();
    }

    @BeforeEach
    void connect() throws SQLException {
        from = source.connect("postgres");
        to = target.connect("postgres");
        // what CNPG does at each change of the owner's Secret; undo cannot know the password
        Sql.run(to, "ALTER ROLE shop PASSWORD '" + APP_SECRET + "'");
    }

    @AfterEach
    void disconnect() throws SQLException {
        from.close();
        to.close();
    }

    @Test
    void theOperatorsRolesStayBehindAndTheReasonsAreTold() {
        RolePlan plan = TRANSFER.plan(from, to, DATABASES);

        assertThat(plan.problems()).isEmpty();
        assertThat(plan.names())
                .containsExactlyInAnyOrder(
                        "admin",
                        "order240101",
                        "reporting",
                        "shop",
                        "shop_reader",
                        "shop_writer",
                        "we\"ird Näme",
                        "web");
        assertThat(plan.leftBehind())
                .containsOnlyKeys(
                        "postgres",
                        "standby",
                        "pooler",
                        "fes_user",
                        "cron_admin",
                        "zalandos",
                        "robot_zmon",
                        "jdoe",
                        "old_deleted",
                        "shop240101");
        assertThat(plan.logins()).doesNotContain("admin", "shop_reader");
        assertThat(String.join("\n", plan.notes()))
                .contains(
                        "role admin (belongs to the source's operator) owns migrated objects",
                        "ATTENTION: role reporting is SUPERUSER",
                        "extwlist.custom_path",
                        "default_transaction_read_only");
        assertThat(plan.toString()).doesNotContain("SCRAM-SHA-256");
        assertThat(
                        new RoleTransfer(RolePolicy.ZALANDO.keepingSuperuser(Set.of("reporting")))
                                .plan(from, to, DATABASES)
                                .toCreate())
                .filteredOn(Role::superuser)
                .extracting(Role::name)
                .containsExactly("reporting");
    }

    @Test
    void anMd5PasswordIsAProblemWithItsRemedyAndNothingIsWritten() throws Exception {
        Sql.run(from, "SET password_encryption = 'md5'");
        Sql.run(from, "CREATE ROLE legacy LOGIN PASSWORD 'old'");
        try {
            RolePlan plan = TRANSFER.plan(from, to, DATABASES);
            assertThat(plan.problems())
                    .singleElement()
                    .satisfies(p -> {
                        assertThat(p.code()).isEqualTo(Code.ROLE_NOT_PORTABLE);
                        assertThat(p.object()).isEqualTo("legacy");
                    });
            assertThatThrownBy(() -> TRANSFER.applyClosed(to, plan))
                    .isInstanceOf(SwitchbackException.class);
            assertThat(roles()).doesNotContain("web");
        } finally {
            Sql.run(from, "DROP ROLE legacy");
        }
    }

    @Test
    void rolesComeClosedOpenInOneTransactionAndGoAgain() throws Exception {
        RolePlan plan = TRANSFER.plan(from, to, DATABASES);
        Map<String, String> captured = TRANSFER.capture(to, plan);
        Map<String, String> before = traces();
        assertThat(captured.toString()).doesNotContain("SCRAM-SHA-256");
        Connection owner = login("shop", APP_SECRET);

        TRANSFER.applyClosed(to, plan);

        assertThat(owner.isValid(2)).isFalse();
        assertThat(TRANSFER.closed(to, plan)).isTrue();
        assertThat(TRANSFER.isOpen(to, plan)).isFalse();
        assertThat(TRANSFER.differences(from, to, plan, DATABASES)).isEmpty();
        for (String role : plan.logins()) {
            assertThatThrownBy(() -> login(role, "any")).isInstanceOf(SwitchbackException.class);
        }
        assertThatThrownBy(() -> login("web", "web-secret"))
                .hasMessageContaining("not permitted to log in");

        assertThatThrownBy(() -> TRANSFER.open(to, plan)).isInstanceOf(IllegalStateException.class);
        to.setAutoCommit(false);
        TRANSFER.open(to, plan);
        assertThatThrownBy(() -> login("web", "web-secret"))
                .isInstanceOf(SwitchbackException.class);
        to.commit();
        to.setAutoCommit(true);

        assertThat(TRANSFER.isOpen(to, plan)).isTrue();
        assertThat(TRANSFER.differences(from, to, plan, DATABASES)).isEmpty();
        login("shop", "shop-secret").close();
        login("we\"ird Näme", "weird-secret").close();
        Connection web = login("web", "web-secret");
        assertThat(Sql.one(web, "SELECT current_user")).isEqualTo("shop_writer");
        assertThat(Sql.one(web, "SHOW search_path")).isEqualTo("\"$user\", data, public");
        assertThat(Sql.one(web, "SHOW work_mem")).isEqualTo("16MB");
        assertThat(Sql.one(web, "SHOW shop.tenant")).isEqualTo("a=b");
        assertThat(Sql.one(web, "SHOW timezone")).isNotEmpty();
        assertThat(Sql.one(web, "SHOW transaction_read_only")).isEqualTo("off");
        assertThat(
                        Sql.one(
                                to,
                                "SELECT rolvaliduntil::date || '/' || rolconnlimit || '/' || rolcreatedb"
                                        + " FROM pg_roles WHERE rolname = 'shop'"))
                .isEqualTo("2099-12-31/50/true");

        TRANSFER.close(to, plan);
        assertThat(web.isValid(2)).isFalse();
        assertThat(TRANSFER.closed(to, plan)).isTrue();

        TRANSFER.undo(to, captured, plan);
        TRANSFER.undo(to, captured, plan);
        assertThat(traces()).isEqualTo(before);
        assertThat(target.log()).doesNotContain("SCRAM-SHA-256").doesNotContain("web-secret");
        assertThat(target.log()).contains("CREATE ROLE streaming_replica");
    }

    @Test
    void aRunThatDiesWhileApplyingLeavesNothingAndTheNextCompletesIt() throws Exception {
        RolePlan plan = TRANSFER.plan(from, to, DATABASES);
        Map<String, String> captured = TRANSFER.capture(to, plan);
        Map<String, String> before = traces();
        // the last thing written is refused, so everything before it was written in vain
        RolePlan dying =
                new RolePlan(
                        plan.toCreate(),
                        plan.memberships(),
                        List.of(new Setting("web", "", "no_such_setting", "1")),
                        plan.leftBehind(),
                        List.of(),
                        List.of());
        assertThatThrownBy(() -> TRANSFER.applyClosed(to, dying))
                .hasMessageContaining("no_such_setting");
        assertThat(traces()).isEqualTo(before);
        assertThat(TRANSFER.closed(to, plan)).isFalse();

        TRANSFER.applyClosed(to, plan);
        TRANSFER.applyClosed(to, plan);
        assertThat(TRANSFER.differences(from, to, plan, DATABASES)).isEmpty();
        TRANSFER.undo(to, captured, plan);
        assertThat(traces()).isEqualTo(before);
        TRANSFER.applyClosed(to, plan);
        assertThat(TRANSFER.differences(from, to, plan, DATABASES)).isEmpty();

        try (Connection shop = target.connect(SHOP)) {
            Sql.run(shop, "CREATE TABLE kept (n int); ALTER TABLE kept OWNER TO web");
            assertThatThrownBy(() -> TRANSFER.undo(to, captured, plan))
                    .isInstanceOfSatisfying(
                            SwitchbackException.class,
                            e -> {
                                assertThat(e.code()).isEqualTo(Code.UNDO_FAILED);
                                assertThat(e.getMessage())
                                        .contains("web", "shop: 1 objects owned by it");
                            });
            assertThat(TRANSFER.closed(to, plan)).isTrue();
            Sql.run(shop, "DROP TABLE kept");
        }
        Sql.run(
                to,
                "ALTER ROLE web NOBYPASSRLS CREATEDB PASSWORD 'other'; REVOKE shop_writer FROM web");
        Sql.run(to, "ALTER ROLE web SET work_mem TO '1MB'; DROP ROLE order240101");
        assertThat(TRANSFER.differences(from, to, plan, DATABASES))
                .hasSize(5)
                .anyMatch(d -> d.contains("web: attributes"))
                .anyMatch(d -> d.contains("stored password"))
                .anyMatch(d -> d.contains("web in shop_writer"))
                .anyMatch(d -> d.contains("work_mem = 1MB"))
                .anyMatch(d -> d.contains("order240101 is missing"));
        TRANSFER.undo(to, captured, plan);
        assertThat(traces()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({"14, 16", "16, 18"})
    void membershipOptionsAreCarriedByWhatEachMajorCanSay(int sourceMajor, int targetMajor)
            throws Exception {
        try (PgServer older = PgServer.start(sourceMajor);
                PgServer newer = PgServer.start(targetMajor)) {
            zalando(older);
            try (Connection f = older.connect("postgres");
                    Connection t = newer.connect("postgres")) {
                Sql.run(t, "CREATE DATABASE shop");
                if (sourceMajor >= 16) {
                    Sql.run(
                            f,
                            "GRANT shop_reader TO web WITH ADMIN FALSE, INHERIT TRUE, SET FALSE");
                }
                RolePlan plan = TRANSFER.plan(f, t, DATABASES);
                TRANSFER.applyClosed(t, plan);
                assertThat(TRANSFER.differences(f, t, plan, DATABASES)).isEmpty();
                assertThat(
                                Sql.list(
                                        t,
                                        "SELECT roleid::regrole || ' ' || admin_option || ' ' || inherit_option || ' ' || set_option"
                                                + " FROM pg_auth_members WHERE member::regrole::text IN ('web', 'shop') ORDER BY 1",
                                        row -> row.getString(1)))
                        .isEqualTo(
                                sourceMajor >= 16
                                        ? List.of(
                                                "admin false true true",
                                                "pg_monitor false false true",
                                                "shop_reader false true false",
                                                "shop_reader true true true",
                                                "shop_writer false false true")
                                        : List.of(
                                                "admin false true true",
                                                "pg_monitor false false true",
                                                "shop_reader true true true",
                                                "shop_writer false false true"));
                assertThat(newer.log()).doesNotContain("SCRAM-SHA-256");
            }
        }
    }

    private static Connection login(String role, String password) {
        return Pg.open(target.superuser(SHOP).withLogin(role, Secret.of(password)));
    }

    private List<String> roles() throws SQLException {
        return Sql.list(to, "SELECT rolname FROM pg_roles ORDER BY 1", row -> row.getString(1));
    }

    /** Roles, memberships and settings as the catalogs show them; verifiers left out. */
    private Map<String, String> traces() throws SQLException {
        return Map.of(
                "roles",
                Sql.one(
                        to,
                        "SELECT string_agg(concat_ws(' ', rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb,"
                                + " rolcanlogin, rolreplication, rolbypassrls, rolconnlimit,"
                                + " nullif(rolvaliduntil, 'infinity'), shobj_description(oid, 'pg_authid')), ',' ORDER BY rolname)"
                                + " FROM pg_roles"),
                "memberships",
                Sql.one(
                        to,
                        "SELECT string_agg(roleid::regrole || '<' || member::regrole, ',' ORDER BY oid) FROM pg_auth_members"),
                "settings",
                Sql.one(
                        to,
                        "SELECT coalesce(string_agg(setdatabase || '/' || setrole || setconfig::text, ','"
                                + " ORDER BY setdatabase, setrole), '') FROM pg_db_role_setting"));
    }
}
