package dev.switchback.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.lab.pg.NastyDatabase;
import dev.switchback.lab.pg.PgServer;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Sql;
import dev.switchback.pg.Stopper;
import dev.switchback.schema.SchemaFingerprint.Section;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaTransferPgTest {
    private static final Exclusions OUT = NastyDatabase.EXCLUSIONS;

    private static PgServer source;
    private static PgServer target;

    @TempDir Path folder;

    @BeforeAll
    static void startServers() throws SQLException {
        source = PgServer.start(15);
        target = PgServer.start(17);
        NastyDatabase.createRoles(source);
        NastyDatabase.createOperatorRoles(source);
        NastyDatabase.createRoles(target);
        NastyDatabase.createSchema(source, "nasty");
        NastyDatabase.insertRows(source, "nasty");
        NastyDatabase.addSpilo(source, "nasty");
    }

    @AfterAll
    static void stopServers() {
        source.close();
        target.close();
    }

    @Test
    void aNastySchemaArrivesEqualWithoutTheOperatorsHelpers() throws Exception {
        NastyDatabase.createEmpty(target, "it's \"odd\" = x");
        ConnectionSpec there = target.superuser("it's \"odd\" = x");
        SchemaTransfer transfer = transfer(OUT, Stopper.NEVER);
        Path archive = folder.resolve("nasty.dump");

        transfer.dump(source.superuser("nasty"), archive);
        transfer.restorePreData(archive, there);
        assertThat(differences(there, EnumSet.of(Section.PRE_DATA))).isEmpty();

        List<String> notes = transfer.restorePrivileges(archive, there);
        assertThat(notes)
                .anySatisfy(n ->
                        assertThat(n)
                                .contains("role admin stays behind")
                                .contains("GRANT SELECT ON TABLE public.accounts TO admin"))
                .anySatisfy(n -> assertThat(n).contains("ALTER DEFAULT PRIVILEGES FOR ROLE admin"))
                .anySatisfy(n ->
                        assertThat(n)
                                .contains("its object stays behind")
                                .contains("pg_stat_statements TO reporting"))
                .noneSatisfy(n -> assertThat(n).contains("Reader;x"));

        transfer.restorePostData(archive, there, 2);
        transfer.restoreLast(archive, there);
        assertThat(differences(there, EnumSet.allOf(Section.class))).isEmpty();
        try (Connection c = target.connect("it's \"odd\" = x")) {
            assertThat(Sql.list(c, "SELECT nspname FROM pg_namespace", r -> r.getString(1)))
                    .doesNotContain("metric_helpers", "user_management");
            assertThat(Sql.list(c, "SELECT extname FROM pg_extension", r -> r.getString(1)))
                    .contains("citext")
                    .doesNotContain("pg_stat_statements");
            assertThat(Sql.one(c, "SELECT count(*) FROM pg_publication")).isEqualTo("0");
            try (Connection nasty = source.connect("nasty")) {
                assertThat(SchemaDiff.between(nasty, c, OUT))
                        .allMatch(SchemaDifference::known)
                        .anyMatch(d -> d.object().equals("users_own"));
            }
            assertThat(Sql.one(c, "SELECT count(*) FROM public.accounts")).isEqualTo("0");
        }
    }

    @Test
    void aSecondRestoreOfPreDataIsAnErrorInTheToolsWordsAndChangesNothing() throws Exception {
        NastyDatabase.createEmpty(target, "twice");
        SchemaTransfer transfer = transfer(OUT, Stopper.NEVER);
        Path archive = folder.resolve("nasty.dump");
        transfer.dump(source.superuser("nasty"), archive);
        transfer.restorePreData(archive, target.superuser("twice"));

        assertThatThrownBy(() -> transfer.restorePreData(archive, target.superuser("twice")))
                .isInstanceOfSatisfying(
                        SwitchbackException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(Code.SCHEMA_RESTORE);
                            assertThat(e.problem().what()).contains("already exists");
                        });
    }

    @Test
    void postDataThatWasKilledHalfwayIsRestoredAgainToTheEnd() throws Exception {
        NastyDatabase.createEmpty(target, "killed");
        ConnectionSpec there = target.superuser("killed").withApplicationName("killed-restore");
        Path archive = folder.resolve("nasty.dump");
        SchemaTransfer transfer = transfer(OUT, Stopper.NEVER);
        transfer.dump(source.superuser("nasty"), archive);
        transfer.restorePreData(archive, there);
        transfer.restorePrivileges(archive, there);

        OneShotStopper stopper = new OneShotStopper();
        try (Connection blocker = target.connect("killed");
                Connection watcher = target.connect("postgres")) {
            blocker.setAutoCommit(false);
            // an index on this partition has to wait, so its siblings are not adopted yet
            Sql.run(blocker, "LOCK TABLE public.events_2024_rest IN ROW EXCLUSIVE MODE");
            CompletableFuture<Void> restore =
                    CompletableFuture.runAsync(() -> {
                        try {
                            transfer(OUT, stopper).restorePostData(archive, there, 2);
                        } catch (InterruptedException e) {
                            throw new CompletionException(e);
                        }
                    });
            await(() ->
                    "2"
                                    .equals(
                                            Sql.one(
                                                    watcher,
                                                    "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'killed-restore' AND wait_event_type = 'Lock'"))
                            || restore.isDone());
            stopper.stop();
            assertThatThrownBy(restore::join).hasCauseInstanceOf(InterruptedException.class);
            await(() ->
                    "0"
                            .equals(
                                    Sql.one(
                                            watcher,
                                            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'killed-restore'")));
            assertThat(
                            Sql.one(
                                    blocker,
                                    "SELECT count(*) > 0 FROM pg_indexes WHERE schemaname = 'public'"))
                    .isEqualTo("t");
        }

        transfer.restorePostData(archive, there, 2);
        transfer.restorePostData(archive, there, 1);
        transfer.restoreLast(archive, there);
        transfer.restoreLast(archive, there);
        assertThat(differences(there, EnumSet.allOf(Section.class))).isEmpty();
    }

    @Test
    void aDriftedSchemaIsNamedByTheFingerprint() throws Exception {
        try (Connection c = source.connect("nasty")) {
            SortedMap<String, String> before = SchemaFingerprint.of(c, OUT);
            c.setAutoCommit(false);
            Sql.run(c, "ALTER TABLE public.posts ADD COLUMN sneaked integer");
            Sql.run(c, "DROP INDEX public.posts_partial");
            Sql.run(c, "GRANT DELETE ON public.no_key TO reporting, admin");
            Sql.run(
                    c,
                    "CREATE OR REPLACE VIEW public.joined WITH (security_barrier) AS SELECT a.id, a.name, (SELECT count(*) FROM public.posts p WHERE p.account_id = a.favourite_id) AS posts FROM public.accounts a LEFT JOIN public.posts q ON q.account_id = a.id");
            Sql.run(c, "REVOKE SELECT (name) ON public.accounts FROM \"Reader;x\"");
            Sql.run(c, "ALTER TABLE public.accounts ENABLE TRIGGER touch");
            Sql.run(c, "CREATE SCHEMA switchback");
            Sql.run(c, "CREATE TABLE switchback.ours (n int)");
            List<String> drift =
                    SchemaFingerprint.differences(before, SchemaFingerprint.of(c, OUT));
            c.rollback();
            assertThat(drift)
                    .anySatisfy(
                            d -> assertThat(d).isEqualTo("unexpected: column public.posts.sneaked"))
                    .anySatisfy(d -> assertThat(d).contains("missing: index posts_partial"))
                    .anySatisfy(d -> assertThat(d).startsWith("definition of public.joined"))
                    .anySatisfy(d ->
                            assertThat(d).startsWith("privileges on column public.accounts.name"))
                    .anySatisfy(d -> assertThat(d).startsWith("trigger touch on public.accounts"))
                    .noneSatisfy(d -> assertThat(d).contains("switchback"))
                    .noneSatisfy(d -> assertThat(d).contains("admin"));
        }
    }

    @Test
    void theOpenPublicSchemaOfAnOlderMajorStaysOpen() throws Exception {
        try (PgServer older = PgServer.start(14)) {
            try (Connection c = older.connect("postgres")) {
                Sql.run(c, "CREATE ROLE app_owner NOLOGIN");
                Sql.run(c, "CREATE DATABASE plain");
            }
            try (Connection c = older.connect("plain")) {
                Sql.run(c, "SET ROLE app_owner; CREATE TABLE t (id int PRIMARY KEY)");
            }
            NastyDatabase.createEmpty(target, "plain");
            ConnectionSpec there = target.superuser("plain");
            Path archive = folder.resolve("plain.dump");
            SchemaTransfer transfer = transfer(OUT, Stopper.NEVER);
            transfer.dump(older.superuser("plain"), archive);
            transfer.restorePreData(archive, there);
            transfer.restorePrivileges(archive, there);
            transfer.restorePostData(archive, there, 1);
            transfer.restoreLast(archive, there);
            try (Connection a = older.connect("plain");
                    Connection b = target.connect("plain")) {
                assertThat(
                                SchemaFingerprint.differences(
                                        SchemaFingerprint.of(a, OUT), SchemaFingerprint.of(b, OUT)))
                        .isEmpty();
                assertThat(
                                Sql.one(
                                        b,
                                        "SELECT has_schema_privilege('app_owner', 'public', 'CREATE')"))
                        .isEqualTo("t");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"13, 18", "14, 16"})
    void equalDefinitionsHaveEqualFingerprintsOnEveryMajor(int older, int newer) throws Exception {
        try (PgServer one = PgServer.start(older);
                PgServer other = PgServer.start(newer)) {
            for (PgServer server : List.of(one, other)) {
                NastyDatabase.createRoles(server);
                NastyDatabase.createOperatorRoles(server);
                NastyDatabase.createSchema(server, "nasty");
            }
            try (Connection a = one.connect("nasty");
                    Connection b = other.connect("nasty")) {
                SortedMap<String, String> first = SchemaFingerprint.of(a, OUT);
                assertThat(first).hasSizeGreaterThan(200);
                assertThat(SchemaFingerprint.differences(first, SchemaFingerprint.of(b, OUT)))
                        .isEmpty();
            }
        }
    }

    private static SchemaTransfer transfer(Exclusions exclusions, Stopper stopper) {
        return new SchemaTransfer(ClientTools.choose(15, 17), exclusions, stopper);
    }

    private static List<String> differences(ConnectionSpec there, EnumSet<Section> sections)
            throws SQLException {
        try (Connection a = source.connect("nasty");
                Connection b = target.connect(there.database())) {
            return SchemaFingerprint.differences(
                    SchemaFingerprint.of(a, OUT, sections), SchemaFingerprint.of(b, OUT, sections));
        }
    }

    /** A condition that asks a server. */
    private interface Condition {
        boolean holds() throws SQLException;
    }

    private static void await(Condition condition) throws Exception {
        Instant deadline = Instant.now().plus(Duration.ofSeconds(20));
        while (!condition.holds()) {
            assertThat(Instant.now()).isBefore(deadline);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /** Stops when told. */
    private static final class OneShotStopper implements Stopper {
        private final List<Runnable> hooks = new CopyOnWriteArrayList<>();
        private volatile boolean stopped;

        void stop() {
            stopped = true;
            hooks.forEach(Runnable::run);
        }

        @Override
        public void checkpoint() throws InterruptedException {
            if (stopped) {
                throw new InterruptedException("stopped by the test");
            }
        }

        @Override
        public AutoCloseable onStop(Runnable hook) {
            hooks.add(hook);
            return () -> hooks.remove(hook);
        }
    }
}
