package dev.switchback.steps.cleanup;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What of ours is on one server, in every database that may be connected to; a database that cannot
 * be looked into is an error, not empty.
 *
 * @param side for the traces
 * @param login any role that may connect; the catalogs read here are everybody's
 */
record ServerTraces(String side, ConnectionSpec login) {
    private static final String SERVER = Sql.resource(ServerTraces.class, "server.sql");
    private static final String DATABASE = Sql.resource(ServerTraces.class, "database.sql");

    private record Name(String kind, String name) {}

    /**
     * @throws SwitchbackException CLEAN_UNREAD, or as {@link Pg#open}
     */
    List<Trace> all() {
        List<Trace> traces = new ArrayList<>(server());
        for (String database : databases()) {
            for (Name found : names(database, DATABASE)) {
                traces.add(Trace.left(side, found.kind, database + ": " + found.name));
            }
        }
        return traces;
    }

    /** Of the server as a whole. */
    List<Trace> server() {
        return names(login.database(), SERVER).stream()
                .map(n -> Trace.left(side, n.kind, n.name))
                .toList();
    }

    /** In one database, of these kinds. */
    List<String> in(String database, Set<String> kinds) {
        return names(database, DATABASE).stream()
                .filter(n -> kinds.contains(n.kind))
                .map(n -> n.kind + " " + n.name)
                .toList();
    }

    private List<String> databases() {
        try (Connection session = Pg.open(login)) {
            return Sql.list(
                    session,
                    """
                    SELECT datname FROM pg_catalog.pg_database
                    WHERE datallowconn AND datname <> 'template1'
                      AND NOT starts_with(datname, 'switchback_')
                    ORDER BY 1
                    """,
                    row -> row.getString(1));
        } catch (SQLException e) {
            throw unread(login.database(), e);
        }
    }

    private List<Name> names(String database, String sql) {
        try (Connection session = Pg.open(login.withDatabase(database))) {
            return Sql.list(session, sql, row -> new Name(row.getString(1), row.getString(2)));
        } catch (SQLException e) {
            throw unread(database, e);
        }
    }

    private SwitchbackException unread(String database, SQLException e) {
        return new SwitchbackException(
                new Problem(
                        Code.CLEAN_UNREAD,
                        login.withDatabase(database).display(),
                        "what of ours is there cannot be read: " + Pg.words(e),
                        "mend what the server says, then run it again"),
                e);
    }
}
