package dev.switchback.fence;

import dev.switchback.pg.Ours;
import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * The event trigger that refuses DDL, and how we get past it ourselves without leaving a door open:
 * it is disabled and enabled again inside one transaction, which no other session ever sees. No
 * role, name or address is exempt, because a superuser application may share all of them with us.
 */
final class DdlTrigger {
    private static final String NAME = Sql.identifier(Ours.FENCE_EVENT_TRIGGER);
    private static final String ENABLE = "ALTER EVENT TRIGGER " + NAME + " ENABLE ALWAYS";
    private static final String EXISTS =
            "SELECT count(*) FROM pg_catalog.pg_event_trigger WHERE evtname = '"
                    + Ours.FENCE_EVENT_TRIGGER
                    + "'";
    private static final String WHOLE =
            EXISTS
                    + " AND evtenabled = 'A' AND evtevent = 'ddl_command_start' AND evttags IS NULL"
                    + " AND evtfoid = to_regprocedure('switchback.refuse_ddl()')";

    private static final String DEFINE = Sql.resource(DdlTrigger.class, "functions.sql");

    private DdlTrigger() {}

    /** Defines the schema and both functions; nothing calls them yet on a first run. */
    static void defineFunctions(Connection connection) throws SQLException {
        Sql.run(connection, past(connection, DEFINE));
    }

    /**
     * Makes sure of functions and event trigger in one transaction; from its commit on nobody drops
     * or replaces any of them by DDL.
     */
    static void raise(Connection connection) throws SQLException {
        if (Sql.one(connection, WHOLE).equals("1")) {
            return;
        }
        // event triggers do not watch over event triggers: none of these can be refused
        Sql.run(
                connection,
                past(connection, DEFINE)
                        + "; DROP EVENT TRIGGER IF EXISTS "
                        + NAME
                        + "; CREATE EVENT TRIGGER "
                        + NAME
                        + " ON ddl_command_start EXECUTE FUNCTION switchback.refuse_ddl(); "
                        + ENABLE);
    }

    /**
     * The statements so that the event trigger, if there is one, lets them pass. To be sent as one
     * string in autocommit: the server runs it as one transaction.
     */
    static String past(Connection connection, String statements) throws SQLException {
        if (Sql.one(connection, EXISTS).equals("0")) {
            return statements;
        }
        return "ALTER EVENT TRIGGER " + NAME + " DISABLE; " + statements + "; " + ENABLE;
    }

    /**
     * Opens DDL and, at once for all tables, writes; the triggers are still there, but let pass.
     */
    static void open(Connection connection) throws SQLException {
        String open = "DROP EVENT TRIGGER IF EXISTS " + NAME;
        if (Sql.one(connection, "SELECT to_regprocedure('switchback.refuse_write()') IS NOT NULL")
                .equals("t")) {
            open += "; " + Sql.resource(DdlTrigger.class, "let-pass.sql");
        }
        Sql.run(connection, open);
    }

    static void dropFunctions(Connection connection) throws SQLException {
        Sql.run(
                connection,
                "DROP FUNCTION IF EXISTS switchback.refuse_write(), switchback.refuse_ddl()");
    }
}
