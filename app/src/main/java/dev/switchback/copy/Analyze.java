package dev.switchback.copy;

import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.DataSession;
import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Sessions;
import dev.switchback.pg.Sql;
import dev.switchback.pg.Stopper;
import dev.switchback.pg.TableId;
import dev.switchback.pg.Workers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Planner statistics on the target, which a logical copy does not bring. */
public final class Analyze {
    private Analyze() {}

    /**
     * ANALYZE of every user table, partitioned root and materialized view, largest first.
     *
     * @return how many
     */
    public static int all(ConnectionSpec target, Exclusions exclusions, int jobs, Stopper stopper)
            throws SQLException, InterruptedException {
        List<TableId> relations;
        try (Connection connection = DataSession.reader(target)) {
            relations = relations(connection, exclusions);
        }
        Workers.run("analyze", relations, jobs, stopper, sessions -> new Analyst(target, sessions));
        return relations.size();
    }

    /**
     * ANALYZE of what has none yet: what the copy analysed on its way is left out.
     *
     * @return how many
     */
    public static int missing(
            ConnectionSpec target, Exclusions exclusions, int jobs, Stopper stopper)
            throws SQLException, InterruptedException {
        List<TableId> relations;
        try (Connection connection = DataSession.reader(target)) {
            Set<TableId> have =
                    new HashSet<>(
                            Sql.list(
                                    connection,
                                    "SELECT schemaname, relname FROM pg_stat_user_tables WHERE last_analyze IS NOT NULL",
                                    row -> new TableId(row.getString(1), row.getString(2))));
            relations =
                    relations(connection, exclusions).stream()
                            .filter(id -> !have.contains(id))
                            .toList();
        }
        Workers.run("analyze", relations, jobs, stopper, sessions -> new Analyst(target, sessions));
        return relations.size();
    }

    /** Relations that the server says have never been analysed; none is missing from its view. */
    public static List<TableId> never(Connection target, Exclusions exclusions)
            throws SQLException {
        Set<TableId> never =
                new HashSet<>(
                        Sql.list(
                                target,
                                "SELECT schemaname, relname FROM pg_stat_user_tables WHERE last_analyze IS NULL",
                                row -> new TableId(row.getString(1), row.getString(2))));
        return relations(target, exclusions).stream().filter(never::contains).toList();
    }

    private static List<TableId> relations(Connection connection, Exclusions exclusions)
            throws SQLException {
        return Sql.list(
                connection,
                Sql.resource(Analyze.class, "analyzable.sql"),
                row -> new TableId(row.getString(1), row.getString(2)),
                exclusions.schemaArray(connection));
    }

    private record Analyst(Connection session) implements Workers.Worker<TableId> {
        Analyst(ConnectionSpec target, Sessions sessions) throws SQLException {
            this(sessions.add(DataSession.writer(target)));
        }

        @Override
        public void take(TableId relation) throws SQLException {
            Sql.run(session, "ANALYZE " + relation.sql());
        }

        @Override
        public void close() throws SQLException {
            session.close();
        }
    }
}
