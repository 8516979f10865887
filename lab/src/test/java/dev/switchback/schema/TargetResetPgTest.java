package dev.switchback.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.lab.pg.NastyDatabase;
import dev.switchback.lab.pg.PgServer;
import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TargetResetPgTest {
    private static PgServer server;

    @BeforeAll
    static void startServer() throws SQLException {
        server = PgServer.start(17);
        try (Connection c = server.connect("postgres")) {
            Sql.run(c, "CREATE ROLE app_owner NOLOGIN");
            Sql.run(c, "CREATE ROLE \"app user\" LOGIN");
        }
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Test
    void aDatabaseWithoutOurMarkerIsRefusedAndKept() throws Exception {
        NastyDatabase.createEmpty(server, "foreign");
        try (Connection c = server.connect("foreign")) {
            Sql.run(c, "CREATE TABLE precious AS SELECT 1 AS n");
        }
        assertThatThrownBy(
                        () -> TargetReset.reset(server.superuser("postgres"), "foreign", "uid-1"))
                .isInstanceOfSatisfying(
                        SwitchbackException.class,
                        e -> assertThat(e.code()).isEqualTo(Code.TARGET_NOT_EMPTY));
        try (Connection c = server.connect("foreign")) {
            TargetReset.prepare(c, "uid-2");
            TargetReset.prepare(c, "uid-2");
            assertThatThrownBy(() -> TargetReset.prepare(c, "uid-1"))
                    .isInstanceOfSatisfying(
                            SwitchbackException.class,
                            e -> assertThat(e.code()).isEqualTo(Code.TARGET_NOT_EMPTY));
        }
        assertThatThrownBy(
                        () -> TargetReset.reset(server.superuser("postgres"), "foreign", "uid-1"))
                .isInstanceOf(SwitchbackException.class)
                .hasMessageContaining("uid-2");
        try (Connection c = server.connect("foreign")) {
            assertThat(Sql.one(c, "SELECT n FROM precious")).isEqualTo("1");
            assertThat(Emptiness.userObjects(c, Exclusions.none()))
                    .containsExactly("table public.precious");
        }
    }

    @Test
    void aMarkedDatabaseIsEmptyAfterwardsAndOtherwiseAsBefore() throws Exception {
        try (Connection c = server.connect("postgres")) {
            Sql.run(
                    c,
                    "CREATE DATABASE \"odd \"\"db\" OWNER app_owner TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C' CONNECTION LIMIT 77");
            Sql.run(c, "REVOKE ALL ON DATABASE \"odd \"\"db\" FROM PUBLIC");
            Sql.run(
                    c,
                    "GRANT CONNECT ON DATABASE \"odd \"\"db\" TO \"app user\" WITH GRANT OPTION");
            Sql.run(
                    c,
                    "ALTER DATABASE \"odd \"\"db\" SET search_path = \"$user\", public, \"a,b\"");
            Sql.run(c, "ALTER DATABASE \"odd \"\"db\" SET app.mode = 'it''s \\ on'");
            Sql.run(
                    c,
                    "ALTER ROLE \"app user\" IN DATABASE \"odd \"\"db\" SET datestyle = 'SQL, DMY'");
            Sql.run(c, "ALTER ROLE \"app user\" IN DATABASE \"odd \"\"db\" SET search_path = ''");
            Sql.run(c, "COMMENT ON DATABASE \"odd \"\"db\" IS 'it''s mine'");
        }
        List<String> before = properties("odd \"db");
        try (Connection c = server.connect("odd \"db")) {
            TargetReset.prepare(c, "uid-1");
            Sql.run(c, "CREATE TABLE half_restored (n int); CREATE TYPE t AS ENUM ('a');");
            Sql.run(c, "SELECT lo_create(0)");
            assertThat(Emptiness.userObjects(c, Exclusions.none())).hasSize(3);

            // this session does not hold it up
            TargetReset.reset(server.superuser("postgres"), "odd \"db", "uid-1");
        }
        assertThat(properties("odd \"db")).isEqualTo(before);
        try (Connection c = server.connect("odd \"db")) {
            assertThat(Emptiness.userObjects(c, Exclusions.none())).isEmpty();
            assertThat(TargetReset.marker(c)).isEqualTo("uid-1");
            assertThat(Sql.one(c, "SELECT has_schema_privilege('app user', 'switchback', 'USAGE')"))
                    .isEqualTo("f");
        }
        assertThat(successors()).isEmpty();
    }

    @Test
    void aResetThatDiedBetweenDropAndRenameIsFinishedByTheNext() throws Exception {
        NastyDatabase.createEmpty(server, "died");
        try (Connection c = server.connect("died")) {
            TargetReset.prepare(c, "uid-1");
            Sql.run(c, "CREATE TABLE old_rows (n int)");
        }
        NastyDatabase.createEmpty(server, TargetReset.successor("died"));
        // an unfinished successor, without marker, is made anew
        TargetReset.reset(server.superuser("postgres"), "died", "uid-1");
        try (Connection c = server.connect("postgres")) {
            Sql.run(c, "ALTER DATABASE died RENAME TO " + TargetReset.successor("died"));
        }
        // the old database is gone, a complete successor is there
        TargetReset.reset(server.superuser("postgres"), "died", "uid-1");
        try (Connection c = server.connect("died")) {
            assertThat(TargetReset.marker(c)).isEqualTo("uid-1");
            assertThat(Emptiness.userObjects(c, Exclusions.none())).isEmpty();
        }
        assertThat(successors()).isEmpty();
    }

    private static List<String> successors() throws SQLException {
        try (Connection c = server.connect("postgres")) {
            return Sql.list(
                    c,
                    "SELECT datname FROM pg_database WHERE datname LIKE 'switchback_new_%'",
                    row -> row.getString(1));
        }
    }

    private static List<String> properties(String database) throws SQLException {
        try (Connection c = server.connect("postgres")) {
            return Sql.list(
                    c,
                    "SELECT concat_ws(' | ', datdba::regrole, encoding, datlocprovider, datlocale, datcollate, datctype, datconnlimit, (SELECT string_agg(a::text, ',' ORDER BY a::text) FROM unnest(datacl) a), shobj_description(oid, 'pg_database'),"
                            + " (SELECT string_agg(setrole::regrole || setconfig::text, ',' ORDER BY setrole) FROM pg_db_role_setting WHERE setdatabase = d.oid)) FROM pg_database d WHERE datname = ?",
                    row -> row.getString(1),
                    database);
        }
    }
}
