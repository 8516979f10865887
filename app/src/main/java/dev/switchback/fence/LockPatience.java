package dev.switchback.fence;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.pg.Stopper;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs one statement that needs a lock against writers, ending whoever keeps the lock from us:
 *
 * <ol>
 *   <li>try, for {@code lock_timeout} (100 ms);
 *   <li>on timeout or deadlock, read who holds a lock that conflicts with writers being kept out;
 *   <li>end those sessions – cancel autovacuum, leave walsenders and replication workers, whose
 *       locks are short – and try again, until a deadline.
 * </ol>
 *
 * <p>A prepared transaction cannot be ended without a decision of its owner: it stops the attempt
 * with its name. When the statement has committed, no transaction that wrote before it is open.
 */
final class LockPatience {
    /** Long enough for a session to roll back a big transaction and go. */
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private static final String HOLDERS = Sql.resource(LockPatience.class, "holders.sql");
    private static final Set<String> LOCK_NOT_FREE = Set.of("55P03", "40P01");

    private LockPatience() {}

    private record Holder(
            @Nullable Integer pid,
            String backendType,
            String who,
            String mode,
            @Nullable String prepared) {

        static Holder read(java.sql.ResultSet row) throws SQLException {
            int pid = row.getInt("pid");
            return new Holder(
                    row.wasNull() ? null : pid,
                    row.getString("backend_type") == null ? "" : row.getString("backend_type"),
                    row.getString("usename") + "/" + row.getString("application_name"),
                    row.getString("mode"),
                    row.getString("prepared"));
        }
    }

    /**
     * @param relations the names of the relations whose locks are needed, quoted for SQL
     * @throws SwitchbackException PREPARED_TRANSACTIONS, or FENCE_INCOMPLETE after the deadline
     */
    static void insist(
            FenceSession session, List<String> relations, String statement, Stopper stopper)
            throws SQLException, InterruptedException {
        Instant deadline = Instant.now().plus(DEADLINE);
        while (true) {
            stopper.checkpoint();
            try {
                Sql.run(session.connection(), statement);
                return;
            } catch (SQLException e) {
                if (!session.connection().getAutoCommit()) {
                    session.connection().rollback();
                }
                if (!LOCK_NOT_FREE.contains(e.getSQLState())) {
                    throw e;
                }
                List<Holder> holders = end(session.connection(), session.database(), relations);
                if (Instant.now().isAfter(deadline)) {
                    throw new SwitchbackException(
                            new Problem(
                                    Code.FENCE_INCOMPLETE,
                                    session.database() + " " + String.join(", ", relations),
                                    "cannot be locked against writers: "
                                            + Pg.words(e)
                                            + "; held by "
                                            + holders,
                                    "end these sessions and run again"),
                            e);
                }
            }
        }
    }

    private static List<Holder> end(Connection connection, String database, List<String> relations)
            throws SQLException {
        List<Holder> holders = new ArrayList<>();
        for (String relation : relations) {
            holders.addAll(Sql.list(connection, HOLDERS, Holder::read, relation));
        }
        for (Holder holder : holders) {
            if (holder.pid == null) {
                throw PreparedTransactions.problem(
                        database, holder.prepared == null ? "(gone since)" : holder.prepared);
            }
            switch (holder.backendType) {
                case "walsender" -> {}
                case "autovacuum worker" ->
                        Sql.one(connection, "SELECT pg_cancel_backend(?)", holder.pid);
                default -> {
                    if (!holder.backendType.startsWith("logical replication")) {
                        Sql.one(connection, "SELECT pg_terminate_backend(?)", holder.pid);
                    }
                }
            }
        }
        if (!connection.getAutoCommit()) {
            connection.rollback();
        }
        return holders;
    }
}
