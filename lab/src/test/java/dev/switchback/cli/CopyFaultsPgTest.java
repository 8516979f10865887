package dev.switchback.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.lab.pg.PgServer;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Sql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code switchback copy} as the shipped program, killed or left alone by a server, then run again
 * and compared by {@code verify}. A copy is held in the middle by an index of the target that
 * sleeps while the target's database says {@code lab.hold}.
 */
@Tag("boundaries")
class CopyFaultsPgTest {
    private static final Map<String, String> PASSWORD =
            Map.of("PGPASSWORD", PgServer.SUPERUSER_PASSWORD.reveal());

    private static final String HELD =
            """
            CREATE FUNCTION held(i int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$
              BEGIN IF i = 1 AND current_setting('lab.hold', true) = 'on' THEN PERFORM pg_sleep(300); END IF; RETURN i; END $$;
            CREATE TABLE early (id int PRIMARY KEY, t text);
            INSERT INTO early SELECT i, repeat('x', 200) FROM generate_series(1, 20000) i;
            CREATE TABLE late (id int);
            INSERT INTO late SELECT generate_series(1, 100);
            CREATE INDEX late_held ON late (public.held(id));
            """;

    @TempDir private Path folder;

    private static PgServer source;
    private static PgServer target;

    @BeforeAll
    static void startServers() {
        source = PgServer.start(15, List.of("localhost"), Map.of("autovacuum", "off"));
        target = PgServer.start(17);
    }

    @AfterAll
    static void stopServers() {
        source.close();
        target.close();
    }

    @Test
    void killedOverAQuietSourceItGoesOnTableByTable() throws Exception {
        Cli.Child child = heldCopy("quiet");
        child.process().destroyForcibly().waitFor();
        String before = earlyArrived("quiet");
        letGo("quiet");
        Cli.Said again = copy("quiet");
        assertThat(again.exit()).as(again.all()).isZero();
        assertThat(again.out()).contains("\"begun\" : \"resumed\"");
        assertThat(earlyArrived("quiet")).isEqualTo(before);
        verifyEqual("quiet");
    }

    @Test
    void killedOverALiveSourceItBeginsAgainAndSaysSo() throws Exception {
        Cli.Child child = heldCopy("live");
        child.process().destroyForcibly().waitFor();
        String before = earlyArrived("live");
        letGo("live");
        on(source, "live", "UPDATE early SET t = 'new' WHERE id = 7");
        Cli.Said again = copy("live");
        assertThat(again.exit()).as(again.all()).isZero();
        assertThat(again.out()).contains("\"begun\" : \"restarted\"", "from the beginning");
        assertThat(earlyArrived("live")).isNotEqualTo(before);
        verifyEqual("live");
    }

    @Test
    void aTargetThatCrashesEndsItWithOneErrorAndTheNextRunGoesOn() throws Exception {
        Cli.Child child = heldCopy("crashed");
        target.crash();
        Cli.Said said = child.await();
        target.restart();
        assertThat(said.exit()).as(said.all()).isNotZero();
        assertThat(said.errors()).as(said.all()).hasSize(1);
        letGo("crashed");
        Cli.Said again = copy("crashed");
        assertThat(again.exit()).as(again.all()).isZero();
        assertThat(again.out()).contains("\"begun\" : \"resumed\"");
        verifyEqual("crashed");
    }

    @Test
    void aFullDiskOfTheTargetIsNamedAndWithMoreRoomTheNextRunGoesOn() throws Exception {
        create(source, "full", "");
        on(
                source,
                "full",
                "CREATE TABLE big (id int, t text); ALTER TABLE big ALTER t SET STORAGE EXTERNAL;"
                        + " INSERT INTO big SELECT i, repeat('x', 5000) FROM generate_series(1, 12000) i");
        Path small = Files.createDirectory(folder.resolve("small"));
        Assumptions.assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", small.toString()),
                "no small disk: only root may mount one");
        try {
            Files.setOwner(small, Files.getOwner(target.dataDirectory()));
            // the way to it must be open to the server's user
            run("chmod", "a+x", folder.toString());
            on(target, "postgres", "CREATE TABLESPACE small LOCATION '" + small + "'");
            create(target, "full", " TABLESPACE small");
            Cli.Said said = copy("full");
            assertThat(said.exit()).as(said.all()).isNotZero();
            assertThat(said.errors())
                    .singleElement()
                    .asString()
                    .contains("public.big", "No space left");
            assertThat(run("mount", "-o", "remount,size=400m", small.toString())).isTrue();
            Cli.Said again = copy("full");
            assertThat(again.exit()).as(again.all()).isZero();
            verifyEqual("full");
        } finally {
            try {
                on(target, "postgres", "DROP DATABASE IF EXISTS \"full\" WITH (FORCE)");
                on(target, "postgres", "DROP TABLESPACE IF EXISTS small");
            } finally {
                run("umount", "--lazy", small.toString());
            }
        }
    }

    @Test
    void limitsSetOnTheRolesDoNotEndIt() throws Exception {
        create(source, "limited", "");
        create(target, "limited", "");
        on(source, "limited", HELD);
        String limits =
                "ALTER ROLE postgres SET statement_timeout = '20ms';"
                        + " ALTER ROLE postgres SET idle_in_transaction_session_timeout = '20ms';"
                        + " ALTER ROLE postgres SET lock_timeout = '1ms'";
        try {
            on(source, "postgres", limits);
            on(target, "postgres", limits);
            Cli.Said said = copy("limited");
            assertThat(said.exit()).as(said.all()).isZero();
            verifyEqual("limited");
        } finally {
            String none = "SET statement_timeout = 0; ALTER ROLE postgres RESET ALL";
            on(source, "postgres", none);
            on(target, "postgres", none);
        }
    }

    @Test
    void bytesOfNoEncodingArriveInADatabaseOfNoEncodingAndAreRefusedByUtf8() throws Exception {
        String ascii = " ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0";
        create(source, "bytes", ascii);
        create(target, "bytes", ascii);
        on(
                source,
                "bytes",
                "CREATE TABLE t (id int PRIMARY KEY, s text);"
                        + " DO $$ BEGIN EXECUTE 'INSERT INTO t VALUES (1, E''\\xe9\\xff''), (2, E''\\xc3\\xa9'')'; END $$;"
                        + " CREATE INDEX ON t (s)");
        Cli.Said said = copy("bytes");
        assertThat(said.exit()).as(said.all()).isZero();
        verifyEqual("bytes");
        on(target, "postgres", "DROP DATABASE bytes");
        create(target, "bytes", "");
        Cli.Said refused = copy("bytes");
        assertThat(refused.exit()).as(refused.all()).isNotZero();
        assertThat(refused.errors()).singleElement().asString().contains("SQL_ASCII");
    }

    @Test
    void rowsOfAnExtensionsConfigurationAreRefusedByName() throws Exception {
        create(source, "extended", "");
        create(target, "extended", "");
        on(
                source,
                "extended",
                "CREATE EXTENSION citext; CREATE TABLE config (k text);"
                        + " INSERT INTO config VALUES ('mine'); ALTER EXTENSION citext ADD TABLE config;"
                        + " UPDATE pg_extension SET extconfig = ARRAY['config'::regclass::oid],"
                        + " extcondition = ARRAY[''] WHERE extname = 'citext'");
        Cli.Said said = copy("extended");
        assertThat(said.exit()).as(said.all()).isNotZero();
        assertThat(said.errors()).singleElement().asString().contains("public.config", "citext");
    }

    /** A copy that has brought table {@code early} and is held at the index of {@code late}. */
    private Cli.Child heldCopy(String database) throws Exception {
        create(source, database, "");
        create(target, database, "");
        on(source, database, HELD);
        on(target, "postgres", "ALTER DATABASE " + database + " SET lab.hold = 'on'");
        Path out = Files.createDirectory(folder.resolve("out"));
        Cli.Child child = Cli.start(out, PASSWORD, arguments("copy", database));
        Instant deadline = Instant.now().plus(Duration.ofSeconds(100));
        while (!isHeld(database)) {
            assertThat(child.process().isAlive()).as(child.err()).isTrue();
            assertThat(Instant.now()).as(child.err()).isBefore(deadline);
            TimeUnit.MILLISECONDS.sleep(50);
        }
        return child;
    }

    private static boolean isHeld(String database) throws SQLException {
        try (Connection c = target.connect(database)) {
            return Sql.first(
                                    c,
                                    "SELECT 1 FROM pg_stat_activity WHERE datname = ? AND wait_event = 'PgSleep'",
                                    database)
                            != null
                    && Sql.first(c, "SELECT to_regclass('switchback.copied')::text") != null
                    && Sql.first(c, "SELECT 1 FROM switchback.copied WHERE table_name = 'early'")
                            != null;
        }
    }

    private static void letGo(String database) throws SQLException {
        on(target, "postgres", "ALTER DATABASE " + database + " RESET lab.hold");
    }

    private static String earlyArrived(String database) throws SQLException {
        try (Connection c = target.connect(database)) {
            return Sql.one(
                    c, "SELECT finished_at FROM switchback.copied WHERE table_name = 'early'");
        }
    }

    private static void verifyEqual(String database) throws Exception {
        Cli.Said said = Cli.child(PASSWORD, arguments("verify", database));
        assertThat(said.exit()).as(said.all()).isZero();
    }

    private static Cli.Said copy(String database) throws Exception {
        return Cli.child(PASSWORD, arguments("copy", database));
    }

    private static List<String> arguments(String command, String database) {
        List<String> arguments = new ArrayList<>(List.of(command, "-o", "json", "--jobs", "2"));
        arguments.addAll(List.of("--from", conninfo(source, database)));
        arguments.addAll(List.of("--to", conninfo(target, database)));
        return arguments;
    }

    private static String conninfo(PgServer server, String database) {
        ConnectionSpec spec = server.superuser(database);
        return "host="
                + spec.host()
                + (spec.hostAddress() == null ? "" : " hostaddr=" + spec.hostAddress())
                + " port="
                + spec.port()
                + " dbname="
                + database
                + " user="
                + spec.user()
                + " sslmode=verify-full sslrootcert="
                + server.caFile();
    }

    private static void create(PgServer server, String database, String options)
            throws SQLException {
        on(server, "postgres", "CREATE DATABASE " + Sql.identifier(database) + options);
    }

    private static void on(PgServer server, String database, String script) throws SQLException {
        try (Connection c = server.connect(database)) {
            Sql.run(c, script);
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        return process.waitFor() == 0;
    }
}
