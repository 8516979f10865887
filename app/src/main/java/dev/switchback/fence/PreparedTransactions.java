package dev.switchback.fence;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Two-phase transactions: they survive every terminate, keep their locks, and may be committed at
 * any time, so their owner must decide before a fence can be true.
 */
final class PreparedTransactions {
    private static final String LIST =
            """
            SELECT quote_literal(gid) || ' of ' || owner || ' since ' || date_trunc('second', prepared)
            FROM pg_catalog.pg_prepared_xacts WHERE database = current_database() ORDER BY prepared
            """;

    private PreparedTransactions() {}

    /**
     * @throws SwitchbackException PREPARED_TRANSACTIONS when there are any in this database
     */
    static void refuse(Connection connection, String database) throws SQLException {
        List<String> found = Sql.list(connection, LIST, row -> row.getString(1));
        if (!found.isEmpty()) {
            throw problem(database, String.join("; ", found));
        }
    }

    static SwitchbackException problem(String database, String which) {
        return new SwitchbackException(
                new Problem(
                        Code.PREPARED_TRANSACTIONS,
                        database,
                        "prepared transactions are open: " + which,
                        "let their owner decide: COMMIT PREPARED '<gid>' or ROLLBACK PREPARED '<gid>', then run again"));
    }
}
