package dev.switchback.diagnose;

import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the target lacks of what made the source fast: settings, indexes, statistics. */
final class ComparisonLook implements Look {
    /** In their units: bytes, milliseconds, numbers; the units are even on both sides. */
    private static final List<String> SETTINGS =
            List.of(
                    "shared_buffers",
                    "work_mem",
                    "maintenance_work_mem",
                    "effective_cache_size",
                    "max_wal_size",
                    "max_parallel_workers",
                    "max_parallel_workers_per_gather",
                    "max_connections",
                    "random_page_cost",
                    "checkpoint_timeout",
                    "autovacuum",
                    "jit",
                    "synchronous_commit",
                    "synchronous_standby_names",
                    "statement_timeout");

    private static final String READ =
            """
            SELECT name, CASE WHEN unit ~ 'kB|MB' THEN (setting::numeric * pg_size_bytes('1' ||
                     CASE unit WHEN '8kB' THEN 'kB' ELSE unit END) * CASE unit WHEN '8kB' THEN 8 ELSE 1 END)::bigint::text
                     ELSE setting END,
                   current_setting(name)
            FROM pg_settings WHERE name = ANY (?)
            """;

    private static final String INDEXES =
            """
            SELECT format('%s.%s', n.nspname, t.relname),
                   replace(pg_get_indexdef(i.indexrelid), ' INDEX ' || quote_ident(c.relname) || ' ON ', ' INDEX ON '),
                   pg_get_indexdef(i.indexrelid), i.indisvalid AND i.indisready, i.indexrelid::regclass::text
            FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
            JOIN pg_namespace n ON n.oid = t.relnamespace
            WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND n.nspname <> ALL (?)
            """;

    /** Of more than 64 kB, and the planner knows nothing of it. */
    private static final String UNANALYZED =
            """
            SELECT c.oid::regclass::text, pg_relation_size(c.oid) FROM pg_class c
            JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'm') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
              AND n.nspname <> ALL (?) AND pg_relation_size(c.oid) >= 65536
            """;

    private static final String BY_STATISTICS =
            " AND NOT EXISTS (SELECT FROM pg_statistic s WHERE s.starelid = c.oid)";

    /** Without the right to read pg_statistic. */
    private static final String BY_ESTIMATE = " AND c.reltuples <= 0";

    @Override
    public String name() {
        return "what the target lacks";
    }

    @Override
    public Set<Symptom> symptoms() {
        return Set.of(Symptom.PERFORMANCE);
    }

    @Override
    public void take(World world, Evidence evidence) throws InterruptedException {
        if (!evidence.situation().switched()) {
            evidence.without("settings and indexes of both sides", "the target does not serve");
            return;
        }
        evidence.tried("settings", () -> settings(world, evidence));
        for (String database : world.databases()) {
            evidence.tried(
                    "statistics of " + database, () -> statistics(world, database, evidence));
            evidence.tried("indexes of " + database, () -> indexes(world, database, evidence));
        }
    }

    private record Value(String plain, String shown) {}

    private static Map<String, Value> settings(Connection server) throws SQLException {
        Map<String, Value> values = new HashMap<>();
        Sql.list(
                server,
                READ,
                r -> values.put(r.getString(1), new Value(r.getString(2), r.getString(3))),
                server.createArrayOf("text", SETTINGS.toArray()));
        return values;
    }

    private static boolean settings(World world, Evidence evidence) throws SQLException {
        try (Connection source = Pg.open(world.source("postgres", "diagnose"));
                Connection target = Pg.open(world.targetReader("postgres", "diagnose"))) {
            Map<String, Value> there = settings(source);
            Map<String, Value> here = settings(target);
            Value none = new Value("", "");
            for (String name : SETTINGS) {
                Value was = there.getOrDefault(name, none);
                Value is = here.getOrDefault(name, none);
                evidence.saw(
                        Topic.SETTING,
                        name,
                        "source",
                        was.shown,
                        "target",
                        is.shown,
                        "sourceNumber",
                        was.plain,
                        "targetNumber",
                        is.plain);
            }
        }
        return true;
    }

    private static boolean statistics(World world, String database, Evidence evidence)
            throws SQLException {
        try (Connection target = Pg.open(world.targetReader(database, "diagnose"))) {
            boolean all =
                    Sql.one(target, "SELECT has_table_privilege('pg_statistic', 'SELECT')")
                            .equals("t");
            Sql.list(
                    target,
                    UNANALYZED + (all ? BY_STATISTICS : BY_ESTIMATE) + " ORDER BY 2 DESC",
                    r -> {
                        evidence.saw(
                                Topic.STATISTICS,
                                database + "/" + r.getString(1),
                                "table",
                                r.getString(1),
                                "database",
                                database,
                                "bytes",
                                r.getString(2),
                                "analyzed",
                                "false");
                        return 0;
                    },
                    world.exclusions().schemaArray(target));
        }
        return true;
    }

    private record Index(
            String table, String definition, String words, boolean valid, String name) {}

    private static List<Index> indexes(World world, Connection server) throws SQLException {
        return Sql.list(
                server,
                INDEXES,
                r ->
                        new Index(
                                r.getString(1),
                                r.getString(2),
                                r.getString(3),
                                r.getBoolean(4),
                                r.getString(5)),
                world.exclusions().schemaArray(server));
    }

    private static boolean indexes(World world, String database, Evidence evidence)
            throws SQLException {
        try (Connection source = Pg.open(world.source(database, "diagnose"));
                Connection target = Pg.open(world.targetReader(database, "diagnose"))) {
            List<Index> here = indexes(world, target);
            Set<String> valid =
                    here.stream()
                            .filter(Index::valid)
                            .map(Index::definition)
                            .collect(java.util.stream.Collectors.toSet());
            for (Index index : here) {
                if (!index.valid) {
                    saw(database, index, "invalid", evidence);
                }
            }
            Set<String> known =
                    here.stream()
                            .map(Index::definition)
                            .collect(java.util.stream.Collectors.toSet());
            for (Index index : indexes(world, source)) {
                if (index.valid
                        && !valid.contains(index.definition)
                        && !known.contains(index.definition)) {
                    saw(database, index, "missing", evidence);
                }
            }
        }
        return true;
    }

    private static void saw(String database, Index index, String state, Evidence evidence) {
        evidence.saw(
                Topic.INDEX,
                database + "/" + index.name,
                "state",
                state,
                "database",
                database,
                "table",
                index.table,
                "index",
                index.name,
                "definition",
                index.words);
    }
}
