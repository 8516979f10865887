package dev.switchback.lab.demo;

import dev.switchback.fault.SwitchbackException;
import dev.switchback.lab.mastodon.MastodonSchema;
import dev.switchback.lab.pg.PgServer;
import dev.switchback.pg.Pg;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which sides would take a write of the applications right now, found out by trying with their own
 * credentials; nothing is changed.
 *
 * @param source a statement that writes is accepted
 * @param target the role is let in
 */
public record OpenSides(boolean source, boolean target) {
    /** Refusals of a login: no such role or may not, wrong password, no such database. */
    private static final Set<String> NOT_LET_IN = Set.of("28000", "28P01", "3D000", "42501");

    /** Neither may ever be true together. */
    public boolean both() {
        return source && target;
    }

    /**
     * @throws IllegalStateException when a side cannot be tried: that is no answer
     */
    public static OpenSides of(Lab lab) {
        return new OpenSides(takesWrites(lab.source()), letsIn(lab.target()));
    }

    private static boolean takesWrites(PgServer server) {
        try (Connection c = login(server)) {
            if (c == null) {
                return false;
            }
            c.setAutoCommit(false);
            try (Statement statement = c.createStatement()) {
                statement.execute("SET TRANSACTION READ WRITE");
                // no row changes, but every statement trigger fires
                statement.executeUpdate("UPDATE public.accounts SET id = id WHERE false");
                return true;
            } catch (SQLException e) {
                String state = String.valueOf(e.getSQLState());
                if (state.startsWith("08") || state.startsWith("57")) {
                    throw new IllegalStateException("the source cannot be tried", e);
                }
                return false;
            } finally {
                c.rollback();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the source cannot be tried", e);
        }
    }

    private static boolean letsIn(PgServer server) {
        try (Connection c = login(server)) {
            return c != null;
        } catch (SQLException e) {
            throw new IllegalStateException("the target cannot be tried", e);
        }
    }

    /** A database whose connection limit is 0; a server that is full says otherwise. */
    private static boolean isClosed(SQLException refusal) {
        return "53300".equals(refusal.getSQLState())
                && String.valueOf(refusal.getMessage()).contains("connections for database");
    }

    private static @Nullable Connection login(PgServer server) throws SQLException {
        try {
            return Pg.open(
                    server.superuser("mastodon")
                            .withLogin(MastodonSchema.OWNER, MastodonSchema.OWNER_PASSWORD));
        } catch (SwitchbackException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof SQLException sql
                        && (NOT_LET_IN.contains(sql.getSQLState()) || isClosed(sql))) {
                    return null;
                }
            }
            throw e;
        }
    }
}
