package dev.switchback.schema;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sessions;
import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A session on the target that runs entries of post-data. Entries run together commit together,
 * with their notes in {@code switchback.built}: a later run knows exactly what is there.
 */
public final class PostDataSession implements AutoCloseable {
    private static final String NOTE =
            "INSERT INTO switchback.built (entry) SELECT unnest(CAST(? AS text[])) ON CONFLICT DO NOTHING RETURNING 1";

    private final Connection session;
    private int helpers = -1;

    private PostDataSession(Connection session) {
        this.session = session;
    }

    /**
     * @param jobs how many such sessions work at the same time: they share what memory is sensible
     */
    public static PostDataSession open(ConnectionSpec target, Sessions sessions, int jobs)
            throws SQLException {
        Connection session = sessions.add(Pg.openForScripts(target));
        try {
            Sql.run(session, "SET statement_timeout = 0");
            Sql.list(
                    session,
                    Sql.resource(PostDataSession.class, "building-session.sql"),
                    row -> row.getString(1),
                    Math.max(1, jobs));
            session.setAutoCommit(false);
            return new PostDataSession(session);
        } catch (SQLException e) {
            session.close();
            throw e;
        }
    }

    /** Keys of the entries that are there. */
    public static Set<String> built(Connection target) throws SQLException {
        if (Sql.first(target, "SELECT to_regclass('switchback.built')") == null) {
            return Set.of();
        }
        return new HashSet<>(
                Sql.list(target, "SELECT entry FROM switchback.built", row -> row.getString(1)));
    }

    /** How many parallel workers the server may give to one build of this session. */
    public void helpers(int count) throws SQLException {
        if (count != helpers) {
            Sql.run(session, "SET max_parallel_maintenance_workers = " + count);
            session.commit();
            helpers = count;
        }
    }

    /**
     * Runs the entries in one transaction.
     *
     * @throws SwitchbackException SCHEMA_RESTORE with the entry and the server's words; nothing of
     *     these entries was kept
     */
    public void run(List<PostData.Entry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        if (entries.size() > 1) {
            try {
                execute(String.join(";\n", entries.stream().map(PostData.Entry::sql).toList()));
                note(entries);
                return;
            } catch (SQLException together) {
                rollback();
                if (gone(together)) {
                    throw failed(entries.getFirst().name(), together);
                }
                // again one by one, so that the message names the one that fails
            }
        }
        for (PostData.Entry entry : entries) {
            try {
                execute(entry.sql());
                note(List.of(entry));
            } catch (SQLException e) {
                rollback();
                throw failed(entry.name(), e);
            }
        }
    }

    /** Runs one statement by itself, outside a transaction block where it must be. */
    public void plain(String sql, String about) {
        try {
            session.setAutoCommit(true);
            try {
                execute(sql);
            } finally {
                session.setAutoCommit(false);
            }
        } catch (SQLException e) {
            throw failed(about, e);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = session.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }

    private void note(List<PostData.Entry> entries) throws SQLException {
        Sql.list(
                session,
                NOTE,
                row -> row.getString(1),
                session.createArrayOf("text", entries.stream().map(PostData.Entry::key).toArray()));
        session.commit();
    }

    private void rollback() {
        try {
            session.rollback();
        } catch (SQLException e) {
            Pg.words(e); // the failure that brought us here is the one worth telling
        }
    }

    private static boolean gone(SQLException e) {
        String state = e.getSQLState();
        return state != null && (state.startsWith("08") || state.startsWith("57"));
    }

    private static SwitchbackException failed(String about, SQLException e) {
        return new SwitchbackException(
                new Problem(
                        Code.SCHEMA_RESTORE,
                        about,
                        Pg.words(e),
                        "mend what the server says, then run again: what is built is kept"),
                e);
    }

    @Override
    public void close() throws SQLException {
        session.close();
    }
}
