package dev.switchback.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchback.copy.TableOutcome;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.lab.pg.NastyDatabase;
import dev.switchback.lab.pg.PgServer;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.pg.Stopper;
import dev.switchback.schema.SchemaFingerprint;
import dev.switchback.verify.ContentVerifier;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class DatabaseCopyPgTest {
    private static final Exclusions NONE = Exclusions.none();

    /** Everything whose place in the order of a restore is delicate. */
    private static final String DELICATE =
            """
            CREATE EXTENSION btree_gist; CREATE SCHEMA "odd ""schema.x";
            CREATE TABLE parent (id int PRIMARY KEY, code text UNIQUE DEFERRABLE INITIALLY DEFERRED, twice int GENERATED ALWAYS AS (id * 2) STORED,
                                 number bigint GENERATED ALWAYS AS IDENTITY, UNIQUE (code) INCLUDE (id));
            CREATE TABLE child (id int PRIMARY KEY, parent int REFERENCES parent ON DELETE CASCADE, self int REFERENCES child, note text);
            ALTER TABLE parent ADD COLUMN favourite int REFERENCES child;
            CREATE INDEX child_note ON child (lower(note)) WHERE note IS NOT NULL; CREATE INDEX ON child USING brin (id);
            CREATE INDEX child_hash ON child USING hash (parent); CREATE INDEX child_expr ON child ((id % 7), note);
            ALTER INDEX child_expr ALTER COLUMN 1 SET STATISTICS 400; COMMENT ON INDEX child_note IS E'two\\nlines -- Name: x; Type: INDEX';
            ALTER TABLE child CLUSTER ON child_pkey; ALTER TABLE child REPLICA IDENTITY USING INDEX child_pkey;
            CREATE TABLE loose (a int, b text); ALTER TABLE loose ADD CONSTRAINT loose_fk FOREIGN KEY (a) REFERENCES parent NOT VALID;
            ALTER TABLE loose ADD CONSTRAINT loose_check CHECK (a > 0) NOT VALID; COMMENT ON CONSTRAINT loose_fk ON loose IS 'stays not valid';
            CREATE TABLE booking (room int, during tsrange, EXCLUDE USING gist (room WITH =, during WITH &&));
            CREATE TABLE measured (at date NOT NULL, region text NOT NULL, v int, PRIMARY KEY (at, region)) PARTITION BY RANGE (at);
            CREATE TABLE measured_1 PARTITION OF measured FOR VALUES FROM ('2024-01-01') TO ('2024-07-01') PARTITION BY LIST (region);
            CREATE TABLE measured_1_a PARTITION OF measured_1 FOR VALUES IN ('a'); CREATE TABLE measured_1_b PARTITION OF measured_1 DEFAULT;
            CREATE TABLE measured_2 PARTITION OF measured DEFAULT; CREATE INDEX ON measured (v);
            CREATE TABLE readings (m_at date, m_region text, FOREIGN KEY (m_at, m_region) REFERENCES measured);
            CREATE TABLE base (id int, t text); CREATE TABLE derived (extra int) INHERITS (base); CREATE INDEX ON derived (extra);
            CREATE UNLOGGED TABLE unlogged_one (id int PRIMARY KEY); CREATE TABLE no_columns ();
            CREATE TABLE "odd ""schema.x"."Täble; with -- 'quotes'" ("select" int PRIMARY KEY, "Ünïcode" text);
            CREATE STATISTICS child_stats ON id, parent FROM child;
            CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.note := 'touched; by $x$ trigger'; RETURN NEW; END $$;
            CREATE TRIGGER touched BEFORE INSERT OR UPDATE ON child FOR EACH ROW EXECUTE FUNCTION touch();
            ALTER TABLE child ENABLE ROW LEVEL SECURITY; CREATE POLICY mine ON child USING (id > 0);
            CREATE RULE quiet AS ON DELETE TO loose DO INSTEAD NOTHING;
            CREATE VIEW by_key AS SELECT id, code FROM parent GROUP BY id;
            CREATE FUNCTION counted() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM by_key; SELECT count(*) FROM child; END;
            CREATE FUNCTION grouped() RETURNS text LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT max(code) FROM (SELECT id, code FROM parent GROUP BY id) p; END;
            CREATE MATERIALIZED VIEW mv_b AS SELECT count(*) n FROM parent; CREATE MATERIALIZED VIEW mv_a AS SELECT n + 1 AS m FROM mv_b;
            CREATE UNIQUE INDEX ON mv_a (m); CREATE MATERIALIZED VIEW mv_empty AS SELECT 1 AS x WITH NO DATA;
            CREATE FUNCTION seen() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; CREATE EVENT TRIGGER seen_it ON ddl_command_end EXECUTE FUNCTION seen();
            CREATE SEQUENCE down INCREMENT -3 MINVALUE -100 CYCLE; SELECT setval('down', -50, false);
            """;

    private static final String ROWS =
            """
            SET session_replication_role = replica;
            INSERT INTO parent (id, code) SELECT i, 'c' || i FROM generate_series(1, 20000) i;
            INSERT INTO child SELECT i, 1 + i % 20000, nullif(i - 1, 0), repeat('n', i % 50) FROM generate_series(1, 30000) i;
            UPDATE parent SET favourite = id; INSERT INTO loose VALUES (999999999, 'x'), (3, NULL), (NULL, '');
            INSERT INTO booking VALUES (1, '[2024-01-01,2024-01-02)'), (1, '[2024-01-02,2024-01-03)');
            INSERT INTO measured SELECT date '2024-01-01' + i, CASE WHEN i % 2 = 0 THEN 'a' ELSE 'b' END, i FROM generate_series(0, 300) i;
            INSERT INTO readings SELECT at, region FROM measured; INSERT INTO base VALUES (1, 'b'); INSERT INTO derived VALUES (2, 'd', 3);
            INSERT INTO unlogged_one SELECT generate_series(1, 50); INSERT INTO no_columns SELECT FROM generate_series(1, 7);
            INSERT INTO "odd ""schema.x"."Täble; with -- 'quotes'" VALUES (1, E'\\\\N\\t'), (2, NULL);
            SELECT lo_from_bytea(4711, 'large'); REFRESH MATERIALIZED VIEW mv_b; REFRESH MATERIALIZED VIEW mv_a;
            """;

    private static PgServer source;
    private static PgServer target;

    @BeforeAll
    static void startServers() {
        Map<String, String> still = Map.of("autovacuum", "off");
        source = PgServer.start(15, List.of("localhost"), still);
        target = PgServer.start(17);
    }

    @AfterAll
    static void stopServers() {
        source.close();
        target.close();
    }

    @Test
    void aDatabaseArrivesWithDefinitionsAndContentEqualAndIsThenRefusedUnlessToldToReplace()
            throws Exception {
        create("delicate");
        run(source, "delicate", DELICATE);
        run(source, "delicate", ROWS);
        try (Connection c = source.connect("delicate")) {
            Sql.run(
                    c,
                    "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'child_hash'::regclass");
            Sql.run(c, "ALTER DATABASE delicate SET statement_timeout = '1ms'");
            Sql.run(c, "ALTER DATABASE delicate SET datestyle = 'SQL, DMY'");
        }
        CopyReport report = copy("delicate", false);
        assertThat(report.begun()).isEqualTo("fresh");
        assertThat(report.largeObjects()).isEqualTo(1);
        assertThat(report.notes())
                .singleElement()
                .asString()
                .contains("index public.child_hash", "invalid on the source");
        assertEqual("delicate", "child_hash");
        try (Connection c = target.connect("delicate")) {
            // the database's own limit came along
            Sql.run(c, "SET statement_timeout = 0");
            assertThat(unvalidated(c)).isEqualTo("loose_check,loose_fk");
            assertThat(
                            Sql.one(
                                    c,
                                    "SELECT stxdndistinct IS NOT NULL FROM pg_statistic_ext_data LIMIT 1"))
                    .isEqualTo("t");
            assertThat(Sql.one(c, "SELECT last_value || ' ' || is_called FROM down"))
                    .isEqualTo("-50 false");
        }
        assertThatThrownBy(() -> copy("delicate", false))
                .isInstanceOfSatisfying(
                        SwitchbackException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(Code.TARGET_NOT_EMPTY);
                            assertThat(e.getMessage()).contains("--drop-if-ours");
                        });
        run(source, "delicate", "INSERT INTO base VALUES (9, 'later')");
        CopyReport again = copy("delicate", true);
        assertThat(again.begun()).isEqualTo("restarted");
        assertEqual("delicate", "child_hash");
    }

    @Test
    @Tag("boundaries")
    void aStoppedCopyGoesOnPerTableWhenTheSourceWasNotWrittenAndFromTheBeginningWhenItWas()
            throws Exception {
        create("stopped");
        run(
                source,
                "stopped",
                "CREATE TABLE a (id int PRIMARY KEY, t text); CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a);"
                        + " CREATE TABLE c (id int PRIMARY KEY);"
                        + " INSERT INTO a SELECT i, repeat('x', 100) FROM generate_series(1, 60000) i;"
                        + " INSERT INTO b SELECT i, i FROM generate_series(1, 20000) i; INSERT INTO c VALUES (1)");
        assertThatThrownBy(() -> copyUntil("stopped", "public.b"))
                .isInstanceOf(InterruptedException.class);
        String when =
                "SELECT string_agg(table_name || finished_at, ',' ORDER BY table_name) FROM switchback.copied WHERE table_name IN ('a', 'b')";
        String before;
        try (Connection c = target.connect("stopped")) {
            before = Sql.one(c, when);
            assertThat(before).contains("b2");
        }
        CopyReport resumed = copy("stopped", false);
        assertThat(resumed.begun()).isEqualTo("resumed");
        assertThat(resumed.tables()).anyMatch(TableOutcome::resumed);
        try (Connection c = target.connect("stopped")) {
            assertThat(Sql.one(c, when)).contains(before);
        }
        assertEqual("stopped", "");

        create("written");
        run(
                source,
                "written",
                "CREATE TABLE a (id int PRIMARY KEY, t text); CREATE TABLE b (id int);"
                        + " INSERT INTO a SELECT i, repeat('x', 100) FROM generate_series(1, 60000) i; INSERT INTO b SELECT generate_series(1, 20000)");
        assertThatThrownBy(() -> copyUntil("written", "public.b"))
                .isInstanceOf(InterruptedException.class);
        run(source, "written", "UPDATE b SET id = id + 1");
        CopyReport restarted = copy("written", false);
        assertThat(restarted.begun()).isEqualTo("restarted");
        assertThat(restarted.notes()).anyMatch(n -> n.contains("from the beginning"));
        assertThat(restarted.tables()).noneMatch(TableOutcome::resumed);
        assertEqual("written", "");
    }

    @Test
    void aTargetThatHoldsAnythingOfSomebodyElsesIsRefused() throws Exception {
        create("foreign");
        run(source, "foreign", "CREATE TABLE a (id int)");
        run(target, "foreign", "CREATE TABLE precious (id int)");
        assertThatThrownBy(() -> copy("foreign", true))
                .isInstanceOfSatisfying(
                        SwitchbackException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(Code.TARGET_NOT_EMPTY);
                            assertThat(e.getMessage()).contains("table public.precious");
                        });
        run(target, "foreign", "DROP TABLE precious");
        run(source, "foreign", "CREATE ROLE only_here; ALTER TABLE a OWNER TO only_here");
        assertThatThrownBy(() -> copy("foreign", false))
                .isInstanceOfSatisfying(
                        SwitchbackException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(Code.OWNER_MISSING);
                            assertThat(e.getMessage()).contains("only_here");
                        });
    }

    @Test
    void tablesLeftOutStayBehindWithTheirForeignKeys() throws Exception {
        create("chosen");
        run(
                source,
                "chosen",
                "CREATE TABLE kept (id int PRIMARY KEY); CREATE TABLE log_1 (id serial PRIMARY KEY); CREATE TABLE log_2 (id int);"
                        + " ALTER TABLE kept ADD l int REFERENCES log_1; INSERT INTO log_1 VALUES (1); INSERT INTO kept VALUES (1, 1)");
        CopyReport report =
                new DatabaseCopy(
                                request(
                                        "chosen",
                                        false,
                                        new TableFilter(List.of(), List.of("log_?"))),
                                s -> {},
                                p -> {},
                                Stopper.NEVER)
                        .run();
        assertThat(report.tables()).extracting(TableOutcome::table).containsExactly("public.kept");
        assertThat(report.notes()).singleElement().asString().contains("kept_l_fkey", "left out");
    }

    @Test
    void aFailingIndexIsOneErrorThatNamesItAndWhatIsBuiltIsKept() throws Exception {
        create("broken");
        run(
                source,
                "broken",
                "CREATE FUNCTION f(i int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN IF current_setting('server_version_num')::int > 160000"
                        + " AND i = 70 THEN RAISE 'not on this server'; END IF; RETURN i; END $$;"
                        + " CREATE TABLE a (id int PRIMARY KEY, t text); CREATE INDEX breaks ON a (public.f(id));"
                        + " INSERT INTO a SELECT i, repeat('x', 500) FROM generate_series(1, 20000) i");
        assertThatThrownBy(() -> copy("broken", false))
                .isInstanceOfSatisfying(
                        SwitchbackException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(Code.SCHEMA_RESTORE);
                            assertThat(e.getMessage()).contains("breaks", "not on this server");
                        });
        run(
                target,
                "broken",
                "CREATE OR REPLACE FUNCTION f(i int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT i'");
        CopyReport report = copy("broken", false);
        assertThat(report.begun()).isEqualTo("resumed");
    }

    @Test
    @Tag("boundaries")
    void foreignKeysAreNotCheckedWithThePlannersMindPoisoned() throws Exception {
        create("poisoned");
        run(
                source,
                "poisoned",
                "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int REFERENCES a);"
                        + " INSERT INTO a SELECT generate_series(1, 50000); INSERT INTO b SELECT generate_series(1, 50000)");
        AtomicBoolean poisoned = new AtomicBoolean();
        CopyRequest request = request("poisoned", false, TableFilter.EVERYTHING);
        CopyRequest bare =
                new CopyRequest(
                        request.source(),
                        request.target(),
                        2,
                        request.filter(),
                        false,
                        false,
                        false,
                        false,
                        false);
        new DatabaseCopy(
                        bare,
                        sentence -> {
                            if (sentence.startsWith("constraints")) {
                                poison();
                                poisoned.set(true);
                            }
                        },
                        p -> {},
                        Stopper.NEVER)
                .run();
        assertThat(poisoned).isTrue();
        try (Connection c = target.connect("poisoned")) {
            assertThat(Sql.one(c, "SELECT reltuples FROM pg_class WHERE relname = 'b'"))
                    .isEqualTo("50000");
            assertThat(unvalidated(c)).isEmpty();
        }
    }

    private static void poison() {
        try (Connection c = target.connect("poisoned")) {
            Sql.run(
                    c,
                    "UPDATE pg_class SET reltuples = 0, relpages = 1 WHERE relname IN ('a', 'b')");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    @Tag("boundaries")
    void aStandbyCanBeTheSource() throws Exception {
        try (PgServer standby = PgServer.start(15)) {
            NastyDatabase.createEmpty(standby, "standby");
            run(
                    standby,
                    "standby",
                    "CREATE TABLE a (id int PRIMARY KEY); INSERT INTO a SELECT generate_series(1, 5000); CHECKPOINT");
            standby.stop();
            Files.createFile(standby.dataDirectory().resolve("standby.signal"));
            standby.restart();
            NastyDatabase.createEmpty(target, "standby");
            CopyRequest request =
                    new CopyRequest(
                            standby.superuser("standby"),
                            target.superuser("standby"),
                            2,
                            TableFilter.EVERYTHING,
                            false,
                            true,
                            true,
                            true,
                            true);
            CopyReport report = new DatabaseCopy(request, s -> {}, p -> {}, Stopper.NEVER).run();
            assertThat(report.rows()).isEqualTo(5000);
        }
    }

    private static void create(String database) throws SQLException {
        NastyDatabase.createEmpty(source, database);
        NastyDatabase.createEmpty(target, database);
    }

    private static void run(PgServer server, String database, String script) throws SQLException {
        try (Connection c = Pg.openForScripts(server.superuser(database))) {
            Sql.run(c, script);
        }
    }

    private static CopyReport copy(String database, boolean dropIfOurs)
            throws InterruptedException {
        return new DatabaseCopy(
                        request(database, dropIfOurs, TableFilter.EVERYTHING),
                        s -> {},
                        p -> {},
                        Stopper.NEVER)
                .run();
    }

    /** Stops as soon as a table is complete. */
    private static void copyUntil(String database, String table) throws InterruptedException {
        AtomicReference<Runnable> stop = new AtomicReference<>(() -> {});
        AtomicBoolean stopped = new AtomicBoolean();
        Stopper stopper =
                new Stopper() {
                    @Override
                    public void checkpoint() throws InterruptedException {
                        if (stopped.get()) {
                            throw new InterruptedException("the test stops");
                        }
                    }

                    @Override
                    public AutoCloseable onStop(Runnable hook) {
                        stop.set(hook);
                        return () -> {};
                    }
                };
        new DatabaseCopy(
                        request(database, false, TableFilter.EVERYTHING),
                        s -> {},
                        p -> {
                            if (p.done() && p.table().toString().equals(table)) {
                                stopped.set(true);
                                stop.get().run();
                            }
                        },
                        stopper)
                .run();
    }

    private static CopyRequest request(String database, boolean dropIfOurs, TableFilter filter) {
        ConnectionSpec from = source.superuser(database);
        return new CopyRequest(
                from, target.superuser(database), 2, filter, dropIfOurs, true, true, true, true);
    }

    private static String unvalidated(Connection c) throws SQLException {
        return Sql.one(
                c,
                "SELECT coalesce(string_agg(conname, ',' ORDER BY conname), '') FROM pg_constraint WHERE NOT convalidated");
    }

    /**
     * @param without name of an index that no dump carries, because it is invalid
     */
    private static void assertEqual(String database, String without) throws Exception {
        try (Connection a = source.connect(database);
                Connection b = target.connect(database)) {
            Sql.run(a, "SET statement_timeout = 0");
            Sql.run(b, "SET statement_timeout = 0");
            assertThat(
                            SchemaFingerprint.differences(
                                    SchemaFingerprint.of(a, NONE), SchemaFingerprint.of(b, NONE)))
                    .allMatch(d -> !without.isEmpty() && d.contains(without));
        }
        assertThat(
                        new ContentVerifier(NONE, 2)
                                .verify(
                                        source.superuser(database),
                                        target.superuser(database),
                                        v -> {},
                                        Stopper.NEVER)
                                .mismatches())
                .isEmpty();
    }
}
