package dev.switchback.roles;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/**
 * Carries roles to the target in three movements, of which only the last is the commit point's:
 *
 * <ol>
 *   <li>{@link #plan} reads both sides and decides; nothing is changed.
 *   <li>{@link #capture}, then {@link #applyClosed}: every role with attributes, SCRAM verifier,
 *       memberships and settings, but none can log in.
 *   <li>{@link #open}, inside the caller's one transaction: those that could log in on the source
 *       can.
 * </ol>
 *
 * <p>Invariants: between the second and the third no carried role can log in on the target; each
 * movement is one transaction, so a crash leaves all of it or nothing, and each may be repeated; a
 * verifier appears in no log, statistics view, exception or capture. Connections are a superuser's;
 * they must not be inside a transaction, except where said.
 */
public final class RoleTransfer {
    private final RolePolicy policy;

    public RoleTransfer(RolePolicy policy) {
        this.policy = policy;
    }

    /**
     * What would be carried. Problems are in the plan, not thrown, so that all are seen at once.
     *
     * @param databases the migrated databases: owners in them are carried, their settings too
     */
    public RolePlan plan(Connection source, Connection target, List<String> databases) {
        try {
            return new RolePlanner(policy).plan(source, target, databases);
        } catch (SQLException e) {
            throw failed("reading roles", e);
        }
    }

    /** What of the plan is on the target already, for {@link #undo}; verifiers as hashes only. */
    public Map<String, String> capture(Connection target, RolePlan plan) {
        try {
            return new RoleUndo(target).capture(plan);
        } catch (SQLException e) {
            throw failed("reading the target's roles", e);
        }
    }

    /**
     * Creates or adapts every role of the plan, unable to log in, and ends sessions they had.
     *
     * @throws SwitchbackException the plan's problems, when it has any
     */
    public void applyClosed(Connection target, RolePlan plan) {
        if (!plan.problems().isEmpty()) {
            throw new SwitchbackException(plan.problems());
        }
        inTransaction(
                target,
                "creating roles",
                () -> {
                    RoleWriter writer = new RoleWriter(target);
                    writer.silence();
                    writer.writeClosed(plan);
                });
        endSessions(target, plan);
    }

    /** Whether every role of the plan is there and none can log in. */
    public boolean closed(Connection target, RolePlan plan) {
        return count(target, plan.names(), "NOT rolcanlogin") == plan.names().size();
    }

    /** Whether every role that could log in on the source can log in on the target. */
    public boolean isOpen(Connection target, RolePlan plan) {
        return count(target, plan.logins(), "rolcanlogin") == plan.logins().size();
    }

    /** The statements of {@link #open}, fit to be shown to a person: they hold no secret. */
    public List<String> openStatements(RolePlan plan) {
        return plan.logins().stream()
                .map(name -> "ALTER ROLE " + Sql.identifier(name) + " LOGIN")
                .toList();
    }

    /** Lets the roles log in when the caller's transaction commits. */
    public void open(Connection inTransaction, RolePlan plan) {
        try {
            if (inTransaction.getAutoCommit()) {
                throw new IllegalStateException(
                        "roles are opened inside the caller's transaction only");
            }
            for (String statement : openStatements(plan)) {
                Sql.run(inTransaction, statement);
            }
        } catch (SQLException e) {
            throw failed("letting roles log in", e);
        }
    }

    /** Takes LOGIN away again and ends the roles' sessions: the way back. */
    public void close(Connection target, RolePlan plan) {
        inTransaction(
                target,
                "closing roles",
                () -> {
                    for (String name : plan.names()) {
                        Sql.run(target, "ALTER ROLE " + Sql.identifier(name) + " NOLOGIN");
                    }
                });
        endSessions(target, plan);
    }

    /**
     * Drops the roles that were not there before and restores attributes, settings and LOGIN of
     * those that were; all or nothing, and repeatable.
     *
     * @throws SwitchbackException UNDO_FAILED when a role to be dropped still owns something or
     *     holds grants; nothing is reassigned or dropped for it
     */
    public void undo(Connection target, Map<String, String> captured, RolePlan plan) {
        inTransaction(target, "undoing roles", () -> new RoleUndo(target).undo(captured, plan));
    }

    /**
     * How the target differs from the source now, one line each; LOGIN is left out, because it says
     * which side is open. Verifiers are compared with the plan's: Zalando's operator salts the
     * source's anew at every sync.
     */
    public List<String> differences(
            Connection source, Connection target, RolePlan plan, List<String> databases) {
        try {
            RolePlan now = new RolePlanner(policy).plan(source, target, databases);
            return RoleDifferences.find(now, plan, new RoleReader(target, databases));
        } catch (SQLException e) {
            throw failed("comparing roles", e);
        }
    }

    @FunctionalInterface
    private interface Work {
        void run() throws SQLException;
    }

    private static void inTransaction(Connection connection, String doing, Work work) {
        try {
            connection.setAutoCommit(false);
            try {
                work.run();
                connection.commit();
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw failed(doing, e);
        }
    }

    private static void endSessions(Connection target, RolePlan plan) {
        query(
                target,
                "WITH theirs AS MATERIALIZED (SELECT pid FROM pg_catalog.pg_stat_activity"
                        + " WHERE usename = ANY (?) AND pid <> pg_backend_pid())"
                        + " SELECT count(*) FROM theirs WHERE pg_terminate_backend(pid)",
                plan.names());
    }

    private static int count(Connection target, List<String> names, String condition) {
        return query(
                target,
                "SELECT count(*) FROM pg_catalog.pg_roles WHERE rolname = ANY (?) AND " + condition,
                names);
    }

    private static int query(Connection target, String sql, List<String> names) {
        try (PreparedStatement statement = target.prepareStatement(sql)) {
            statement.setArray(1, target.createArrayOf("text", names.toArray()));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        } catch (SQLException e) {
            throw failed("reading the target's roles", e);
        }
    }

    private static SwitchbackException failed(String doing, SQLException e) {
        return new SwitchbackException(
                new Problem(
                        Code.PG_FAILED,
                        "roles",
                        doing + ": " + Pg.words(e),
                        "see the server's log; running again is safe"),
                e);
    }
}
