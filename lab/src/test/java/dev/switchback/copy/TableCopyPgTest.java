package dev.switchback.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.lab.pg.NastyDatabase;
import dev.switchback.lab.pg.PgServer;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Crew;
import dev.switchback.pg.Exclusions;
import dev.switchback.pg.PinnedSnapshot;
import dev.switchback.pg.Sql;
import dev.switchback.pg.Stopper;
import dev.switchback.pg.TableId;
import dev.switchback.schema.ClientTools;
import dev.switchback.schema.SchemaTransfer;
import dev.switchback.schema.TargetReset;
import dev.switchback.verify.ContentReport;
import dev.switchback.verify.ContentVerifier;
import dev.switchback.verify.Counts;
import dev.switchback.verify.TableVerdict;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableCopyPgTest {
    private static final Exclusions OUT = NastyDatabase.EXCLUSIONS;
    private static final String KILL_READER_OF_BIG =
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'copying%'"
                    + " AND state = 'active' AND query LIKE 'COPY%\"big\"%TO STDOUT%'";

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
    }

    @AfterAll
    static void stopServers() {
        source.close();
        target.close();
    }

    @Test
    void everyRowOfANastyDatabaseArrivesByteForByteWhateverTheSettings() throws Exception {
        NastyDatabase.createSchema(source, "nasty");
        NastyDatabase.insertRows(source, "nasty");
        NastyDatabase.addSpilo(source, "nasty");
        NastyDatabase.createEmpty(target, "nasty");
        try (Connection c = source.connect("postgres")) {
            Sql.run(c, "ALTER DATABASE nasty SET datestyle = 'SQL, DMY'");
            Sql.run(c, "ALTER DATABASE nasty SET default_transaction_read_only = on");
            Sql.run(c, "ALTER DATABASE nasty SET extra_float_digits = -5");
            Sql.run(c, "ALTER ROLE postgres IN DATABASE nasty SET intervalstyle = 'sql_standard'");
            Sql.run(c, "ALTER ROLE postgres IN DATABASE nasty SET bytea_output = 'escape'");
            Sql.run(c, "ALTER ROLE postgres IN DATABASE nasty SET timezone = 'Asia/Kathmandu'");
        }
        ConnectionSpec from = source.superuser("nasty");
        ConnectionSpec to = target.superuser("nasty");
        SchemaTransfer transfer = transfer();
        Path archive = folder.resolve("nasty.dump");
        transfer.dump(from, archive);
        transfer.restorePreData(archive, to);
        transfer.restorePrivileges(archive, to);
        prepare("nasty");

        Map<TableId, TableProgress> told = new ConcurrentHashMap<>();
        TableCopy.Report copied =
                new TableCopy(from, to, OUT, 1, 2).run(p -> told.put(p.table(), p), Stopper.NEVER);
        try (Connection c = target.connect("nasty")) {
            Sequences.apply(c, OUT, sequences("nasty"));
        }
        LargeObjects.copy(from, to, OUT, Stopper.NEVER);
        LargeObjects.Report objects = LargeObjects.copy(from, to, OUT, Stopper.NEVER);
        transfer.restorePostData(archive, to, 2);
        transfer.restoreLast(archive, to);
        assertThat(Analyze.all(to, OUT, 2, Stopper.NEVER)).isGreaterThan(15);

        ContentReport report = new ContentVerifier(OUT, 2).verify(from, to, v -> {}, Stopper.NEVER);
        assertThat(report.mismatches()).isEmpty();
        assertThat(report.equal()).isTrue();
        assertThat(report.materializedViews()).hasSize(3).allMatch(TableVerdict::equal);
        assertThat(report.tablesVerified()).isEqualTo(copied.tables()).isEqualTo(told.size());
        assertThat(report.rows()).isEqualTo(copied.rows()).isGreaterThan(4000);
        assertThat(told.values()).allMatch(TableProgress::done);
        assertThat(told.values())
                .anyMatch(
                        p -> p.table().equals(new TableId("public", "posts")) && p.rows() == 3000);
        assertThat(told).doesNotContainKey(new TableId("metric_helpers", "state"));
        assertThat(objects.objects()).isEqualTo(3);
        try (Connection a = source.connect("nasty");
                Connection b = target.connect("nasty")) {
            assertThat(LargeObjects.digest(b)).isEqualTo(LargeObjects.digest(a));
            assertThat(LargeObjects.digest(a).objects()).isEqualTo(3);
            assertThat(
                            Sql.one(
                                    b,
                                    "SELECT lomacl::text FROM pg_largeobject_metadata WHERE oid = 770001"))
                    .contains("app user")
                    .doesNotContain("admin");
            assertThat(Sql.one(b, "SELECT obj_description(770002, 'pg_largeobject')"))
                    .isEqualTo("sparse; it's");
            assertThat(Sequences.differences(Sequences.read(a, OUT), Sequences.read(b, OUT)))
                    .isEmpty();
            Sql.run(b, "SELECT nextval('public.never_called')");
            Sql.run(b, "SELECT lo_put(770002, 5, '\\x01')");
            assertThat(Sequences.differences(Sequences.read(a, OUT), Sequences.read(b, OUT)))
                    .containsExactly(
                            "public.never_called is at 42 (not called), on the target at 42");
            assertThat(LargeObjects.digest(b)).isNotEqualTo(LargeObjects.digest(a));
            assertThat(
                            Sql.one(
                                    b,
                                    "SELECT count(*) FROM pg_class WHERE relname = 'posts' AND reltuples = 3000"))
                    .isEqualTo("1");
        }
    }

    @Test
    @Tag("boundaries")
    void aConnectionKilledAgainAndAgainStopsAllWorkersAndTheNextRunCompletes() throws Exception {
        for (PgServer server : List.of(source, target)) {
            NastyDatabase.createEmpty(server, "killed");
            try (Connection c = server.connect("killed")) {
                Sql.run(
                        c,
                        "CREATE TABLE big (id int, filler text); CREATE TABLE waits (n int); CREATE TABLE small (n int);");
            }
        }
        try (Connection c = source.connect("killed")) {
            Sql.run(
                    c,
                    "INSERT INTO big SELECT i, repeat('x', 300) FROM generate_series(1, 250000) i");
            Sql.run(c, "INSERT INTO waits SELECT generate_series(1, 20000)");
            Sql.run(c, "INSERT INTO small SELECT generate_series(1, 10)");
        }
        prepare("killed");
        ConnectionSpec from = source.superuser("killed").withApplicationName("copying");
        ConnectionSpec to = target.superuser("killed").withApplicationName("copying");
        TableCopy copy = new TableCopy(from, to, OUT, 1, 3);
        try (Connection blocker = target.connect("killed");
                Connection atSource = source.connect("killed");
                Connection atTarget = target.connect("postgres")) {
            blocker.setAutoCommit(false);
            Sql.run(blocker, "LOCK TABLE waits IN EXCLUSIVE MODE");
            CompletableFuture<Void> run =
                    CompletableFuture.runAsync(() -> {
                        try {
                            copy.run(p -> {}, Stopper.NEVER);
                        } catch (InterruptedException e) {
                            throw new CompletionException(e);
                        }
                    });
            String small = "SELECT count(*) FROM switchback.copied WHERE table_name = 'small'";
            try (Connection watcher = target.connect("killed")) {
                await(() -> "1".equals(Sql.one(watcher, small)) || run.isDone());
            }
            Instant killed = Instant.now();
            Instant deadline = killed.plus(Duration.ofSeconds(60));
            while (!run.isDone()) {
                assertThat(Instant.now()).isBefore(deadline);
                if (Sql.first(atSource, KILL_READER_OF_BIG) != null) {
                    killed = Instant.now();
                }
                TimeUnit.MILLISECONDS.sleep(5);
            }
            assertThatThrownBy(run::join)
                    .cause()
                    .isInstanceOfSatisfying(
                            SwitchbackException.class,
                            e -> {
                                assertThat(e.code()).isEqualTo(Code.COPY_FAILED);
                                assertThat(e.problem().object()).isEqualTo("public.big");
                                assertThat(e.problem().what()).contains("reading from the source");
                            });
            assertThat(Duration.between(killed, Instant.now())).isLessThan(Duration.ofSeconds(5));
            await(() ->
                    "0"
                            .equals(
                                    Sql.one(
                                            atTarget,
                                            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'copying'")));
        }
        TableCopy.Report report = copy.run(p -> {}, Stopper.NEVER);
        assertThat(report).isEqualTo(new TableCopy.Report(3, 1, 270010, report.bytes()));
        assertThat(Counts.compare(from, to, OUT, 2, Stopper.NEVER))
                .hasSize(3)
                .allMatch(TableVerdict::equal);
    }

    @Test
    void oneBigTableIsReadInPartsThatJoinAndAPartWhoseConnectionBreaksIsCopiedAgainAlone()
            throws Exception {
        for (PgServer server : List.of(source, target)) {
            NastyDatabase.createEmpty(server, "parts");
            try (Connection c = server.connect("parts")) {
                Sql.run(c, "CREATE TABLE big (id int, filler text); CREATE TABLE small (n int)");
            }
        }
        try (Connection c = source.connect("parts")) {
            Sql.run(
                    c,
                    "INSERT INTO big SELECT i, repeat('x', 300) FROM generate_series(1, 200000) i");
            Sql.run(c, "DELETE FROM big WHERE id BETWEEN 50000 AND 120000");
            Sql.run(c, "INSERT INTO small VALUES (1)");
        }
        prepare("parts");
        ConnectionSpec from = source.superuser("parts").withApplicationName("copying-parts");
        ConnectionSpec to = target.superuser("parts").withApplicationName("copying-parts");
        CopyOptions options = new CopyOptions(1, 2, 4 << 20, 1 << 20);
        try (Connection atSource = source.connect("parts");
                Loading loading = loading(from, to, options)) {
            assertThat(loading.units()).hasSizeGreaterThan(5);
            Crew<CopyDesk> crew = new Crew<>("copy", 2, loading::desk);
            loading.units().forEach(u -> crew.add(0, u.bytes(), desk -> desk.copy(u)));
            CompletableFuture<Void> run =
                    CompletableFuture.runAsync(() -> {
                        try {
                            crew.run(Stopper.NEVER);
                        } catch (InterruptedException e) {
                            throw new CompletionException(e);
                        }
                    });
            await(() -> run.isDone() || Sql.first(atSource, KILL_READER_OF_BIG) != null);
            run.join();
            // both workers may be reading it when its readers are ended
            assertThat(loading.retries()).isBetween(1, 2);
            assertThat(loading.outcomes())
                    .filteredOn(o -> o.table().equals("public.big"))
                    .singleElement()
                    .satisfies(o -> {
                        assertThat(o.rows()).isEqualTo(200000 - 70001);
                        assertThat(o.parts()).isGreaterThan(5);
                        assertThat(o.format()).isEqualTo("binary");
                        assertThat(o.frozen()).isFalse();
                    });
        }
        assertThat(
                        new ContentVerifier(OUT, 2)
                                .verify(from, to, v -> {}, Stopper.NEVER)
                                .mismatches())
                .isEmpty();
    }

    @Test
    @Tag("boundaries")
    void aRunThatStopsBetweenPartsKeepsThoseThatArrived() throws Exception {
        for (PgServer server : List.of(source, target)) {
            NastyDatabase.createEmpty(server, "halfway");
            try (Connection c = server.connect("halfway")) {
                Sql.run(c, "CREATE TABLE big (id int, filler text)");
            }
        }
        try (Connection c = source.connect("halfway")) {
            Sql.run(
                    c,
                    "INSERT INTO big SELECT i, repeat('x', 300) FROM generate_series(1, 100000) i");
        }
        prepare("halfway");
        ConnectionSpec from = source.superuser("halfway");
        ConnectionSpec to = target.superuser("halfway");
        CopyOptions options = new CopyOptions(1, 2, 4 << 20, 1 << 20);
        String arrived =
                "SELECT string_agg(first_page || ' ' || xmin, ',' ORDER BY first_page) FROM switchback.copied_part WHERE rows IS NOT NULL AND first_page < 2000";
        try (Loading loading = loading(from, to, options)) {
            Crew<CopyDesk> crew = new Crew<>("copy", 1, loading::desk);
            loading.units().stream()
                    .filter(u -> u.part() != null && u.part().firstPage() < 2000)
                    .forEach(u -> crew.add(0, 0, desk -> desk.copy(u)));
            crew.run(Stopper.NEVER);
        }
        try (Connection c = target.connect("halfway")) {
            String before = Sql.one(c, arrived);
            assertThat(before).isNotNull();
            assertThat(TableCopy.copied(c, 1)).isEmpty();
            new TableCopy(from, to, OUT, options).run(p -> {}, Stopper.NEVER);
            assertThat(Sql.one(c, arrived)).isEqualTo(before);
            assertThat(Sql.one(c, "SELECT count(*) || ' ' || count(DISTINCT id) FROM big"))
                    .isEqualTo("100000 100000");
        }
    }

    @Test
    void aRowTooLongForOurMemoryIsRefusedByNameBeforeAnythingIsCopied() throws Exception {
        for (PgServer server : List.of(source, target)) {
            NastyDatabase.createEmpty(server, "wide");
            try (Connection c = server.connect("wide")) {
                Sql.run(c, "CREATE TABLE first (n int); CREATE TABLE long_rows (b bytea, t text)");
            }
        }
        try (Connection c = source.connect("wide")) {
            Sql.run(c, "INSERT INTO first VALUES (1)");
            Sql.run(
                    c,
                    "INSERT INTO long_rows SELECT NULL, (SELECT string_agg(md5(i::text), '') FROM generate_series(1, 100000) i)");
        }
        prepare("wide");
        ConnectionSpec from = source.superuser("wide");
        ConnectionSpec to = target.superuser("wide");
        assertThatThrownBy(() ->
                        new TableCopy(from, to, OUT, new CopyOptions(1, 2, 1 << 20, 3 << 20))
                                .run(p -> {}, Stopper.NEVER))
                .isInstanceOfSatisfying(
                        SwitchbackException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(Code.ROW_TOO_LARGE);
                            assertThat(e.problem().object()).isEqualTo("public.long_rows");
                        });
        try (Connection c = target.connect("wide")) {
            assertThat(Sql.one(c, "SELECT count(*) FROM first")).isEqualTo("0");
        }
        assertThat(new TableCopy(from, to, OUT, 1, 2).run(p -> {}, Stopper.NEVER).rows())
                .isEqualTo(2);
    }

    @Test
    @Tag("boundaries")
    void rowsOfTwoHundredMegabytesPassInBothFormats() throws Exception {
        for (PgServer server : List.of(source, target)) {
            NastyDatabase.createEmpty(server, "huge");
            try (Connection c = server.connect("huge")) {
                Sql.run(
                        c,
                        "CREATE TABLE bytes (b bytea); CREATE TABLE texts (t text, r regclass);"
                                + " ALTER TABLE bytes ALTER b SET STORAGE EXTERNAL; ALTER TABLE texts ALTER t SET STORAGE EXTERNAL");
            }
        }
        try (Connection c = source.connect("huge")) {
            Sql.run(c, "INSERT INTO bytes SELECT decode(repeat('00ff', 100 * 1024 * 1024), 'hex')");
            Sql.run(c, "INSERT INTO texts SELECT repeat('y', 200 * 1024 * 1024), 'bytes'");
        }
        prepare("huge");
        new TableCopy(source.superuser("huge"), target.superuser("huge"), OUT, 1, 2)
                .run(p -> {}, Stopper.NEVER);
        try (Connection a = source.connect("huge");
                Connection b = target.connect("huge")) {
            for (String digest :
                    List.of("SELECT md5(b) FROM bytes", "SELECT md5(t) || r FROM texts")) {
                assertThat(Sql.one(b, digest)).isEqualTo(Sql.one(a, digest));
            }
            Sql.run(a, "DROP TABLE bytes, texts");
            Sql.run(b, "DROP TABLE bytes, texts");
        }
    }

    @Test
    void theFormatFollowsTheTypesAndSaysWhy() throws Exception {
        String tables =
                """
                CREATE EXTENSION citext; CREATE EXTENSION hstore; CREATE EXTENSION ltree;
                CREATE TYPE colour AS ENUM ('red', 'green'); CREATE DOMAIN amount AS numeric CHECK (VALUE > 0);
                CREATE TYPE pair AS (c colour, n amount); CREATE TYPE bad AS (r regclass);
                CREATE TABLE safe (a int[], b colour[], c pair, d pair[], e citext, f hstore, g int4range, h int4multirange, i jsonb, j amount[], k interval, l inet);
                CREATE TABLE t_regclass (a regclass); CREATE TABLE t_tsvector (a tsvector[]); CREATE TABLE t_xml (a xml);
                CREATE TABLE t_ltree (a ltree); CREATE TABLE t_nested (a bad[]);
                """;
        for (PgServer server : List.of(source, target)) {
            NastyDatabase.createEmpty(server, "formats");
            try (Connection c = server.connect("formats")) {
                // other OIDs on each side
                Sql.run(
                        c,
                        server == target
                                ? "CREATE TABLE moves_oids (n int); DROP TABLE moves_oids"
                                : "SELECT 1");
                Sql.run(c, tables);
            }
        }
        try (Connection c = source.connect("formats")) {
            Sql.run(
                    c,
                    "INSERT INTO safe SELECT ARRAY[i,NULL], ARRAY['red','green']::colour[], ROW('red', 1)::pair, ARRAY[ROW('green', 2)::pair, NULL],"
                            + " 'X' || i, 'a=>1', int4range(1, i), int4multirange(int4range(1,2), int4range(5,9)), '{\"a\":1}', ARRAY[3]::amount[], '1 mon 2 days', '::1'"
                            + " FROM generate_series(3, 4000) i");
            Sql.run(
                    c,
                    "INSERT INTO t_regclass VALUES ('safe'); INSERT INTO t_tsvector VALUES (ARRAY['a:1 b'::tsvector]); INSERT INTO t_xml VALUES ('<a/>');"
                            + " INSERT INTO t_ltree VALUES ('a.b'); INSERT INTO t_nested VALUES (ARRAY[ROW('safe')::bad])");
        }
        prepare("formats");
        ConnectionSpec from = source.superuser("formats");
        ConnectionSpec to = target.superuser("formats");
        try (Loading loading = loading(from, to, CopyOptions.of(1, 2))) {
            Crew<CopyDesk> crew = new Crew<>("copy", 2, loading::desk);
            loading.units().forEach(u -> crew.add(0, u.bytes(), desk -> desk.copy(u)));
            crew.run(Stopper.NEVER);
            assertThat(loading.outcomes())
                    .filteredOn(o -> !o.format().equals("text"))
                    .extracting(TableOutcome::table)
                    .containsExactly("public.safe");
            assertThat(loading.outcomes())
                    .filteredOn(o -> o.format().equals("text"))
                    .hasSize(5)
                    .allMatch(o -> o.why().startsWith("column a: "));
        }
        try (Connection c = target.connect("formats")) {
            assertThat(Sql.one(c, "SELECT a::text FROM t_regclass")).isEqualTo("safe");
            assertThat(Sql.one(c, "SELECT (a[1]).r::text FROM t_nested")).isEqualTo("safe");
            assertThat(Sql.one(c, "SELECT d::text FROM safe LIMIT 1"))
                    .isEqualTo("{\"(green,2)\",NULL}");
        }
        assertThat(
                        new ContentVerifier(OUT, 2)
                                .verify(from, to, v -> {}, Stopper.NEVER)
                                .mismatches())
                .isEmpty();
    }

    @Test
    void unloggedRowsThatACrashOfTheTargetTookAreCopiedAgain() throws Exception {
        for (PgServer server : List.of(source, target)) {
            NastyDatabase.createEmpty(server, "unlogged");
            try (Connection c = server.connect("unlogged")) {
                Sql.run(c, "CREATE UNLOGGED TABLE u (n int); CREATE TABLE kept (n int)");
            }
        }
        try (Connection c = source.connect("unlogged")) {
            Sql.run(c, "INSERT INTO u SELECT generate_series(1, 100)");
            Sql.run(c, "INSERT INTO kept SELECT generate_series(1, 100)");
        }
        prepare("unlogged");
        TableCopy copy =
                new TableCopy(
                        source.superuser("unlogged"), target.superuser("unlogged"), OUT, 1, 1);
        copy.run(p -> {}, Stopper.NEVER);
        try (Connection c = target.connect("unlogged")) {
            Sql.run(c, "CHECKPOINT");
        }
        target.crash();
        target.restart();
        try (Connection c = target.connect("unlogged")) {
            assertThat(Sql.one(c, "SELECT count(*) FROM u")).isEqualTo("0");
            assertThat(TableCopy.copied(c, 1)).containsExactly(new TableId("public", "kept"));
        }
        assertThat(copy.run(p -> {}, Stopper.NEVER).resumed()).isEqualTo(1);
        try (Connection c = target.connect("unlogged")) {
            assertThat(Sql.one(c, "SELECT count(*) FROM u")).isEqualTo("100");
            assertThat(Sql.one(c, "SELECT count(*) FROM kept")).isEqualTo("100");
        }
    }

    @Test
    void aRowTheTargetRefusesIsAFailureOfTheWritingSide() throws Exception {
        for (PgServer server : List.of(source, target)) {
            NastyDatabase.createEmpty(server, "refused");
            try (Connection c = server.connect("refused")) {
                Sql.run(c, "CREATE TABLE t (n int)");
            }
        }
        try (Connection c = source.connect("refused");
                Connection d = target.connect("refused")) {
            Sql.run(c, "INSERT INTO t SELECT generate_series(1, 100000)");
            Sql.run(d, "ALTER TABLE t ADD CHECK (n < 50000)");
        }
        prepare("refused");
        assertThatThrownBy(() ->
                        new TableCopy(
                                        source.superuser("refused"),
                                        target.superuser("refused"),
                                        OUT,
                                        1,
                                        2)
                                .run(p -> {}, Stopper.NEVER))
                .isInstanceOfSatisfying(
                        SwitchbackException.class,
                        e ->
                                assertThat(e.getMessage())
                                        .contains(
                                                "public.t", "writing to the target", "t_n_check"));
    }

    @Test
    void differentEncodingsAreRefusedBeforeAnyRow() throws Exception {
        NastyDatabase.createEmpty(target, "latin");
        try (Connection c = source.connect("postgres")) {
            Sql.run(c, "CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
        }
        prepare("latin");
        assertThatThrownBy(() ->
                        new TableCopy(
                                        source.superuser("latin"),
                                        target.superuser("latin"),
                                        OUT,
                                        1,
                                        1)
                                .run(p -> {}, Stopper.NEVER))
                .isInstanceOfSatisfying(
                        SwitchbackException.class,
                        e -> assertThat(e.code()).isEqualTo(Code.DATABASE_SETTINGS));
    }

    @Test
    void rowsThatUsersPutIntoAnExtensionsTablesAreReported() throws Exception {
        NastyDatabase.createEmpty(source, "extended");
        try (Connection c = source.connect("extended")) {
            Sql.run(c, "CREATE EXTENSION citext");
            Sql.run(c, "CREATE TABLE config (k text, mine boolean)");
            Sql.run(c, "INSERT INTO config VALUES ('a', true), ('b', false)");
            Sql.run(c, "ALTER EXTENSION citext ADD TABLE config");
            Sql.run(
                    c,
                    "UPDATE pg_extension SET extconfig = ARRAY['config'::regclass::oid], extcondition = ARRAY['WHERE mine'] WHERE extname = 'citext'");
            assertThat(ExtensionData.userRows(c, OUT))
                    .containsExactly(
                            new ExtensionData.UserRows(
                                    "citext", new TableId("public", "config"), 1));
            assertThat(
                            ExtensionData.userRows(
                                    c, new Exclusions(Set.of(), Set.of("citext"), Set.of())))
                    .isEmpty();
        }
    }

    private static Loading loading(ConnectionSpec from, ConnectionSpec to, CopyOptions options) {
        return Loading.open(
                from, to, OUT, _ -> true, options, PinnedSnapshot.open(from), null, p -> {});
    }

    private static List<SequenceState> sequences(String database) throws SQLException {
        try (Connection c = source.connect(database)) {
            return new ArrayList<>(Sequences.read(c, OUT));
        }
    }

    private static SchemaTransfer transfer() {
        return new SchemaTransfer(ClientTools.choose(15, 17), OUT, Stopper.NEVER);
    }

    private static void prepare(String database) throws SQLException {
        try (Connection c = target.connect(database)) {
            TargetReset.prepare(c, "uid-1");
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
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }
}
