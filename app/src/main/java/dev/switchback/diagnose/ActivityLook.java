package dev.switchback.diagnose;

import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;

/**
 * What goes on in the side that serves, and on the source while it is read: sessions by state, who
 * blocks whom, locks that keep a dump waiting, transactions left open, the costliest statements,
 * checkpoints, and how much is read from disk.
 */
final class ActivityLook implements Look {
    private static final int STATEMENTS = 10;

    private static final String SESSIONS =
            """
            SELECT coalesce(state, 'unknown'), count(*),
                   count(*) FILTER (WHERE wait_event_type = 'Lock'),
                   count(*) FILTER (WHERE wait_event = 'SyncRep'),
                   coalesce(max(extract(epoch FROM now() - state_change)) FILTER (WHERE state LIKE 'idle in%'), 0)::bigint
            FROM pg_stat_activity
            WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
              AND application_name NOT LIKE 'switchback/%'
            GROUP BY 1
            """;

    /** The one at the head of the queue, which waits for nobody itself. */
    private static final String BLOCKERS =
            """
            SELECT b.pid, b.usename, b.application_name, b.state,
                   coalesce(extract(epoch FROM now() - b.xact_start), 0)::bigint,
                   count(DISTINCT w.pid), coalesce(b.query, '')
            FROM pg_stat_activity w
            CROSS JOIN LATERAL unnest(pg_blocking_pids(w.pid)) AS x (pid)
            JOIN pg_stat_activity b ON b.pid = x.pid
            WHERE cardinality(pg_blocking_pids(b.pid)) = 0 AND b.application_name NOT LIKE 'switchback/%'
            GROUP BY 1, 2, 3, 4, 5, 7
            """;

    /** Against the ACCESS SHARE of a dump. */
    private static final String EXCLUSIVE =
            """
            SELECT l.pid, l.relation::regclass::text, a.usename, a.application_name,
                   coalesce(extract(epoch FROM now() - a.xact_start), 0)::bigint, coalesce(a.query, '')
            FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
            WHERE l.mode = 'AccessExclusiveLock' AND l.granted AND l.locktype = 'relation'
              AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
              AND l.relation >= 16384 AND a.application_name NOT LIKE 'switchback/%'
              AND a.backend_type = 'client backend'
            """;

    @Override
    public String name() {
        return "what the servers are doing";
    }

    @Override
    public Set<Symptom> symptoms() {
        return Set.of(Symptom.PERFORMANCE, Symptom.BACKUP, Symptom.CONNECT);
    }

    @Override
    public void take(World world, Evidence evidence) throws InterruptedException {
        boolean switched = evidence.situation().switched();
        String serving = switched ? "target" : "source";
        for (String database : world.databases()) {
            evidence.tried(
                    "activity of the " + serving + "'s " + database,
                    () -> activity(serving, login(world, serving, database), evidence));
        }
    }

    private static ConnectionSpec login(World world, String side, String database) {
        return side.equals("source")
                ? world.source(database, "diagnose")
                : world.targetReader(database, "diagnose");
    }

    private static boolean activity(String side, ConnectionSpec login, Evidence evidence)
            throws SQLException {
        Redactor redactor = evidence.redactor();
        String where = side + "/" + login.database();
        try (Connection server = Pg.open(login)) {
            Sql.run(server, "SET statement_timeout = '10s'");
            Sql.list(
                    server,
                    SESSIONS,
                    r -> {
                        evidence.saw(
                                Topic.SESSIONS,
                                side + " " + r.getString(1),
                                "count",
                                r.getString(2),
                                "waitingForLocks",
                                r.getString(3),
                                "waitingForStandby",
                                r.getString(4),
                                "longestIdleSeconds",
                                r.getString(5));
                        return 0;
                    });
            Sql.list(
                    server,
                    BLOCKERS,
                    r -> {
                        evidence.saw(
                                Topic.LOCK,
                                side + " pid " + r.getString(1),
                                "side",
                                side,
                                "pid",
                                r.getString(1),
                                "role",
                                String.valueOf(r.getString(2)),
                                "application",
                                String.valueOf(r.getString(3)),
                                "state",
                                String.valueOf(r.getString(4)),
                                "seconds",
                                r.getString(5),
                                "waiting",
                                r.getString(6),
                                "statement",
                                redactor.statement(r.getString(7)));
                        return 0;
                    });
            Sql.list(
                    server,
                    EXCLUSIVE,
                    r -> {
                        evidence.saw(
                                Topic.LOCK,
                                side + " pid " + r.getString(1) + " on " + r.getString(2),
                                "side",
                                side,
                                "pid",
                                r.getString(1),
                                "table",
                                r.getString(2),
                                "role",
                                String.valueOf(r.getString(3)),
                                "application",
                                String.valueOf(r.getString(4)),
                                "seconds",
                                r.getString(5),
                                "statement",
                                redactor.statement(r.getString(6)));
                        return 0;
                    });
            statements(server, where, evidence);
            checkpoints(server, side, evidence);
            cache(server, where, evidence);
        }
        return true;
    }

    private static void statements(Connection server, String where, Evidence evidence) {
        try {
            String schema =
                    Sql.first(
                            server,
                            "SELECT quote_ident(nspname) FROM pg_extension e JOIN pg_namespace n ON n.oid = extnamespace"
                                    + " WHERE extname = 'pg_stat_statements'");
            if (schema == null) {
                evidence.without("slow statements of " + where, "pg_stat_statements is not there");
                return;
            }
            String mean = Pg.major(server) >= 13 ? "mean_exec_time" : "mean_time";
            Sql.list(
                    server,
                    "SELECT query, calls, round("
                            + mean
                            + "::numeric, 1) FROM "
                            + schema
                            + ".pg_stat_statements WHERE calls > 0 AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database())"
                            + " ORDER BY "
                            + mean
                            + " DESC LIMIT "
                            + STATEMENTS,
                    r -> {
                        evidence.saw(
                                Topic.STATEMENT,
                                where,
                                "statement",
                                evidence.redactor().statement(r.getString(1)),
                                "calls",
                                r.getString(2),
                                "meanMillis",
                                r.getString(3));
                        return 0;
                    });
        } catch (SQLException e) {
            evidence.without("slow statements of " + where, Pg.words(e));
        }
    }

    private static void checkpoints(Connection server, String side, Evidence evidence)
            throws SQLException {
        boolean own = Pg.major(server) >= 17;
        Sql.list(
                server,
                "SELECT "
                        + (own ? "num_timed, num_requested" : "checkpoints_timed, checkpoints_req")
                        + ", greatest(extract(epoch FROM now() - greatest(stats_reset, pg_postmaster_start_time())), 1)::bigint FROM "
                        + (own ? "pg_stat_checkpointer" : "pg_stat_bgwriter"),
                r -> {
                    evidence.saw(
                            Topic.CHECKPOINTS,
                            side,
                            "timed",
                            r.getString(1),
                            "requested",
                            r.getString(2),
                            "seconds",
                            r.getString(3));
                    return 0;
                });
    }

    private static void cache(Connection server, String where, Evidence evidence)
            throws SQLException {
        Sql.list(
                server,
                """
                SELECT blks_hit, blks_read, extract(epoch FROM now() - pg_postmaster_start_time())::bigint
                FROM pg_stat_database WHERE datname = current_database()
                """,
                r -> {
                    evidence.saw(
                            Topic.CACHE,
                            where,
                            "hits",
                            r.getString(1),
                            "reads",
                            r.getString(2),
                            "upSeconds",
                            r.getString(3));
                    return 0;
                });
    }
}
