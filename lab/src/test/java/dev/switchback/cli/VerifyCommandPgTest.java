package dev.switchback.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.switchback.lab.pg.PgServer;
import dev.switchback.pg.Sql;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code switchback verify} as a person runs it, between PostgreSQL 15 and 17. */
class VerifyCommandPgTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static PgServer source;
    private static PgServer target;

    @TempDir Path folder;

    @BeforeAll
    static void startServers() throws SQLException {
        source = PgServer.start(15);
        target = PgServer.start(17);
        for (PgServer server : List.of(source, target)) {
            try (Connection c = server.connect("postgres")) {
                Sql.run(c, "CREATE ROLE app LOGIN PASSWORD 'app-secret'");
                Sql.run(c, "CREATE ROLE other");
            }
        }
    }

    @AfterAll
    static void stopServers() {
        source.close();
        target.close();
    }

    @Test
    @Tag("boundaries")
    void equalIsZeroAndEachDifferenceIsFourWithItsName() throws Exception {
        shop("shop");
        assertThat(verify("shop").exit()).as(verify("shop").all()).isZero();
        Cli.Said document = verify("shop", "-o", "json");
        JsonNode json = JSON.readTree(document.out());
        assertThat(json.path("kind").asText()).isEqualTo("Verification");
        assertThat(json.path("verdict").asText()).isEqualTo("equal");
        assertThat(json.path("sequences").asInt()).isEqualTo(1);
        assertThat(json.path("largeObjects").asInt()).isEqualTo(2);

        differs("UPDATE goods SET price = 1.00 WHERE id = 2", "table public.goods", "id=2 differs");
        differs("ALTER TABLE goods OWNER TO other", "goods", "other");
        differs("DROP INDEX by_name; CREATE INDEX by_name ON goods (name DESC)", "by_name");
        differs("SELECT setval('tickets', 41)", "public.tickets is at 42", "41");
        differs("SELECT lo_put(4711, 0, 'X')", "large object", "4711 content differs");
        differs("ALTER LARGE OBJECT 4711 OWNER TO other", "4711 owner postgres", "other");
        differs("GRANT SELECT ON LARGE OBJECT 4712 TO other", "4712 grants");
        differs("SELECT lo_unlink(4712)", "4712 only on the source");
        differs("CREATE TABLE extra (id int)", "public.extra");
        differs("ALTER SEQUENCE tickets INCREMENT 2", "tickets", "2");
        differs(
                "DELETE FROM goods WHERE id = 1; REFRESH MATERIALIZED VIEW summed",
                "materialized view public.summed");
    }

    /** The change is made in a copy of the target, so that each stands alone. */
    private void differs(String change, String... named) throws Exception {
        try (Connection c = target.connect("postgres")) {
            Sql.run(c, "DROP DATABASE IF EXISTS changed");
            Sql.run(c, "CREATE DATABASE changed TEMPLATE shop");
        }
        try (Connection c = target.connect("changed")) {
            Sql.run(c, change);
        }
        Cli.Said said =
                Cli.inProcess(
                        List.of(
                                "verify",
                                "--from",
                                uri(source, "shop"),
                                "--to",
                                uri(target, "changed")));
        assertThat(said.exit()).as(change + "\n" + said.all()).isEqualTo(4);
        assertThat(said.out()).contains(named).contains("different: ");
        assertThat(said.all()).doesNotContain("lab-superuser");
    }

    @Test
    void aChosenTableAloneIsComparedAndAPatternThatFitsNothingIsNotFound() throws Exception {
        shop("chosen");
        try (Connection c = target.connect("chosen")) {
            Sql.run(
                    c,
                    "UPDATE goods SET name = 'changed' WHERE id = 1; CREATE TABLE extra (id int)");
        }
        assertThat(verify("chosen", "--tables", "public.go*").exit()).isEqualTo(4);
        Cli.Said other = verify("chosen", "--tables", "log", "-o", "json");
        assertThat(other.exit()).as(other.all()).isZero();
        assertThat(JSON.readTree(other.out()).path("scope").asText()).isEqualTo("tables");
        Cli.Said none = verify("chosen", "--tables", "log", "nothing.*");
        assertThat(none.exit()).isEqualTo(7);
        assertThat(none.err()).contains("SB-473", "nothing.*");
    }

    @Test
    void whatARoleMayNotReadIsNotComparedAndNeverEqual() throws Exception {
        shop("private");
        for (PgServer server : List.of(source, target)) {
            try (Connection c = server.connect("private")) {
                Sql.run(
                        c,
                        "GRANT SELECT ON ALL TABLES IN SCHEMA public TO app; REVOKE SELECT ON log FROM app;"
                                + "CREATE TABLE own (id int); INSERT INTO own VALUES (1), (2);"
                                + "ALTER TABLE own OWNER TO app; ALTER TABLE own ENABLE ROW LEVEL SECURITY;"
                                + "ALTER TABLE own FORCE ROW LEVEL SECURITY;"
                                + "CREATE POLICY few ON own USING (id = 1)");
            }
        }
        Path passwords =
                Files.writeString(folder.resolve("pgpass"), "*:*:private:app:app-secret\n");
        Files.setPosixFilePermissions(passwords, PosixFilePermissions.fromString("rw-------"));
        Cli.Said said =
                Cli.child(
                        Map.of(
                                "PGUSER",
                                "app",
                                "PGPASSFILE",
                                passwords.toString(),
                                "PGDATABASE",
                                "private"),
                        List.of(
                                "verify",
                                "--from",
                                "host=localhost hostaddr="
                                        + source.address()
                                        + " sslmode=verify-full sslrootcert="
                                        + source.caFile(),
                                "--to",
                                "postgresql://" + target.address() + "/?sslmode=require"));
        assertThat(said.exit()).as(said.all()).isEqualTo(1);
        assertThat(said.out())
                .contains("not compared: table public.log: cannot read the", "permission denied")
                .contains("not compared: table public.own:", "row-level security")
                .contains("not compared: large objects")
                .contains("unknown: app@localhost:5432/private");
        assertThat(said.all()).doesNotContain("app-secret");
    }

    @Test
    void wrongStringsEndBeforeAnythingIsRead() {
        assertThat(Cli.inProcess(List.of("verify", "--from", "host=a,b", "--to", "x=1")).err())
                .contains("SB-471", "host");
        Cli.Said refused =
                Cli.inProcess(
                        List.of(
                                "verify",
                                "--from",
                                uri(source, "postgres").replace("lab-superuser", "wrong-secret"),
                                "--to",
                                uri(target, "postgres")));
        assertThat(refused.exit()).isEqualTo(3);
        assertThat(refused.err()).contains("SB-301").doesNotContain("wrong-secret");
        assertThat(Cli.inProcess(List.of("verify", "--from", "x")).exit()).isEqualTo(2);
        assertThat(
                        Cli.inProcess(
                                        List.of(
                                                "verify",
                                                "--from",
                                                uri(source, "no such"),
                                                "--to",
                                                uri(target, "postgres")))
                                .exit())
                .isEqualTo(7);
    }

    private static Cli.Said verify(String database, String... more) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "verify",
                                "--from",
                                uri(source, database),
                                "--to",
                                uri(target, database)));
        arguments.addAll(List.of(more));
        return Cli.inProcess(arguments);
    }

    private static String uri(PgServer server, String database) {
        return "postgresql://postgres:lab-superuser@"
                + server.address()
                + "/"
                + database.replace(" ", "%20")
                + "?sslmode=require";
    }

    private static void shop(String database) throws SQLException {
        for (PgServer server : List.of(source, target)) {
            try (Connection c = server.connect("postgres")) {
                Sql.run(c, "CREATE DATABASE " + database);
            }
            try (Connection c = server.connect(database)) {
                Sql.run(
                        c,
                        "CREATE TABLE goods (id int PRIMARY KEY, name text, price numeric);"
                                + "INSERT INTO goods VALUES (1, 'tea', 1.0), (2, 'milk', 1.0);"
                                + "CREATE INDEX by_name ON goods (name);"
                                + "CREATE TABLE log (what text); INSERT INTO log VALUES ('a'), ('a');"
                                + "CREATE SEQUENCE tickets; SELECT setval('tickets', 42);"
                                + "CREATE MATERIALIZED VIEW summed AS SELECT sum(price) FROM goods;"
                                + "SELECT lo_from_bytea(4711, 'some bytes'), lo_from_bytea(4712, '')");
            }
        }
    }
}
