package dev.switchback.schema;

import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Sql;
import dev.switchback.pg.Stopper;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Removes what an interrupted restore of post-data left, so that it can start over. Dropping
 * something twice or in vain does no harm, so every statement commits by itself and thousands of
 * them do not fill the lock table.
 */
final class Leftovers {
    private final Connection connection;
    private final Exclusions exclusions;
    private final Stopper stopper;

    Leftovers(Connection connection, Exclusions exclusions, Stopper stopper) throws SQLException {
        this.connection = connection;
        this.exclusions = exclusions;
        this.stopper = stopper;
        Sql.run(connection, "SET default_transaction_read_only = off");
        Sql.run(connection, "SET search_path = ''");
        Sql.run(connection, "SET client_min_messages = warning");
    }

    /** Whether an earlier restore of post-data left anything; a fresh target has nothing. */
    boolean any() throws SQLException {
        return "t"
                .equals(
                        Sql.one(
                                connection,
                                Sql.resource(Leftovers.class, "any-post-data.sql"),
                                exclusions.schemaArray(connection)));
    }

    /**
     * Runs DROP statements until none fails: what one needs gone, such as a partitioned index that
     * holds its partitions' indexes, another one drops.
     *
     * @throws SQLException the first failure of a round in which nothing succeeded
     */
    void drop(List<String> statements) throws SQLException, InterruptedException {
        List<String> left = statements.stream().filter(Leftovers::drops).toList();
        while (!left.isEmpty()) {
            List<String> again = new ArrayList<>();
            @Nullable SQLException first = null;
            for (String statement : left) {
                stopper.checkpoint();
                try {
                    Sql.run(connection, statement);
                } catch (SQLException e) {
                    first = first == null ? e : first;
                    again.add(statement);
                }
            }
            if (first != null && again.size() == left.size()) {
                throw first;
            }
            left = again;
        }
    }

    /**
     * The archive has no DROP for indexes that a partitioned one will adopt; before the adoption
     * they are indexes of their own. All indexes and keys are post-data, so whatever exists goes.
     */
    void dropIndexesAndConstraints() throws SQLException, InterruptedException {
        drop(
                Sql.list(
                        connection,
                        Sql.resource(Leftovers.class, "drop-indexes.sql"),
                        row -> row.getString(1),
                        exclusions.schemaArray(connection)));
    }

    private static boolean drops(String statement) {
        return statement.startsWith("DROP ")
                || statement.startsWith("ALTER TABLE ")
                || statement.startsWith("CREATE OR REPLACE VIEW ");
    }
}
