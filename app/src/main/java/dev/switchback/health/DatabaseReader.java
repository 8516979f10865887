package dev.switchback.health;

import dev.switchback.health.ApplicationHealth.Database;
import dev.switchback.health.ApplicationHealth.Latency;
import dev.switchback.health.ApplicationHealth.Sessions;
import dev.switchback.health.ApplicationHealth.Statement;
import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sha256;
import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sessions, latency and the costliest statements of one database. */
final class DatabaseReader {
    private static final int REPEATS = 5;
    private static final int STATEMENTS = 10;
    private static final int TEXT = 200;

    private DatabaseReader() {}

    static Database read(Connection connection, Exclusions exclusions) throws SQLException {
        Sql.run(connection, "SET statement_timeout = '2s'");
        List<Sessions> sessions =
                Sql.list(
                        connection,
                        """
                        SELECT coalesce(nullif(application_name, ''), '(unnamed)'), usename, count(*)
                        FROM pg_stat_activity
                        WHERE datname = current_database() AND backend_type = 'client backend'
                          AND pid <> pg_backend_pid() AND application_name NOT LIKE 'switchback/%'
                        GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 50
                        """,
                        row ->
                                new Sessions(
                                        row.getString(1),
                                        String.valueOf(row.getString(2)),
                                        row.getInt(3)));
        int active =
                Integer.parseInt(
                        Sql.one(
                                connection,
                                """
                                SELECT count(*) FROM pg_stat_activity
                                WHERE datname = current_database() AND state = 'active'
                                  AND backend_type = 'client backend' AND pid <> pg_backend_pid()
                                """));
        List<Statement> statements = List.of();
        String unread = "";
        try {
            statements = statements(connection);
        } catch (SQLException e) {
            unread = Pg.words(e);
        }
        if (statements.isEmpty() && unread.isEmpty()) {
            unread = "pg_stat_statements is not there, or has counted nothing";
        }
        return new Database(
                Sql.one(connection, "SELECT current_database()"),
                active,
                sessions,
                latencies(connection, exclusions),
                statements,
                unread);
    }

    private static List<Latency> latencies(Connection connection, Exclusions exclusions)
            throws SQLException {
        List<Latency> latencies = new ArrayList<>();
        latencies.add(new Latency("round trip", median(connection, "SELECT 1")));
        for (String[] table : largest(connection, exclusions)) {
            latencies.add(
                    new Latency(
                            "last row of " + table[0],
                            median(
                                    connection,
                                    "SELECT * FROM "
                                            + table[1]
                                            + " ORDER BY "
                                            + table[2]
                                            + " LIMIT 1")));
        }
        return latencies;
    }

    /** The three largest tables with a primary key: name, name quoted, key backwards. */
    private static List<String[]> largest(Connection connection, Exclusions exclusions)
            throws SQLException {
        return Sql.list(
                connection,
                """
                SELECT n.nspname || '.' || c.relname, c.oid::regclass::text,
                       (SELECT string_agg(quote_ident(a.attname) || ' DESC', ', ' ORDER BY k.place)
                        FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
                        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum)
                FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                     JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
                WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
                  AND NOT n.nspname = ANY (?)
                ORDER BY c.relpages DESC, 1 LIMIT 3
                """,
                row -> new String[] {row.getString(1), row.getString(2), row.getString(3)},
                exclusions.schemaArray(connection));
    }

    private static long median(Connection connection, String sql) throws SQLException {
        long[] micros = new long[REPEATS];
        for (int i = 0; i < REPEATS; i++) {
            long from = System.nanoTime();
            Sql.list(connection, sql, row -> 0);
            micros[i] = (System.nanoTime() - from) / 1_000;
        }
        Arrays.sort(micros);
        return micros[REPEATS / 2];
    }

    private static List<Statement> statements(Connection connection) throws SQLException {
        @Nullable String schema =
                Sql.first(
                        connection,
                        """
                        SELECT quote_ident(n.nspname) FROM pg_extension e
                        JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_stat_statements'
                        """);
        if (schema == null) {
            return List.of();
        }
        boolean renamed = Pg.major(connection) >= 13;
        String total = renamed ? "total_exec_time" : "total_time";
        // utility statements are not normalized everywhere, and may hold a password
        return Sql.list(
                connection,
                "SELECT query, sum(calls)::bigint, sum("
                        + total
                        + ") / sum(calls) FROM "
                        + schema
                        + """
                        .pg_stat_statements
                        WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
                          AND calls > 0 AND query ~* '^\\s*(select|insert|update|delete|with)\\M'
                          AND userid NOT IN (SELECT oid FROM pg_roles WHERE rolsuper)
                        GROUP BY query ORDER BY sum(
                        """
                        + total
                        + ") DESC LIMIT "
                        + STATEMENTS,
                row -> statement(row.getString(1), row.getLong(2), row.getDouble(3)));
    }

    private static Statement statement(String query, long calls, double meanMillis) {
        String even = query.strip().replaceAll("\\s+", " ");
        return new Statement(
                Sha256.hex(even).substring(0, 16),
                even.length() > TEXT ? even.substring(0, TEXT) : even,
                calls,
                Math.round(meanMillis * 1_000) / 1_000.0);
    }
}
