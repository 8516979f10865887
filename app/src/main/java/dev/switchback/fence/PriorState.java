package dev.switchback.fence;

import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.Ours;
import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the fence changes besides its own triggers: the database's read-only default and who may
 * call the functions that write large objects. Both as they were found, so that what was read-only
 * before we came stays so.
 */
final class PriorState {
    private static final String RECORD = Sql.resource(PriorState.class, "record.sql");
    private static final String FUNCTIONS =
            Sql.resource(PriorState.class, "large-object-functions.sql");
    private static final String MISSING_GRANTS =
            Sql.resource(PriorState.class, "missing-grants.sql");
    private static final String DEFAULT = "default";
    private static final String OUR_SCHEMA_IS_EMPTY =
            """
            SELECT count(*) FROM pg_catalog.pg_depend
            WHERE refclassid = 'pg_catalog.pg_namespace'::regclass
              AND refobjid = to_regnamespace('switchback')
            """;

    private PriorState() {}

    static Map<String, String> record(FenceSession session) throws SQLException {
        String database = session.database();
        return Sql.list(
                        session.connection(),
                        RECORD,
                        row -> {
                            Map<String, String> found = new LinkedHashMap<>();
                            found.put("readOnly/" + database, row.getString("read_only"));
                            found.put("schema/" + database, row.getString("schema"));
                            found.put(
                                    "largeObjectGrants/" + database,
                                    row.getString("large_object_grants"));
                            return found;
                        })
                .getFirst();
    }

    /** Read-only by default, and large objects for nobody but superusers. */
    static void close(FenceSession session) throws SQLException {
        Connection connection = session.connection();
        Sql.run(connection, alterDatabase(session) + "SET default_transaction_read_only = on");
        List<String> revokes =
                Sql.list(
                        connection,
                        FUNCTIONS,
                        row ->
                                "REVOKE EXECUTE ON FUNCTION "
                                        + row.getString("function")
                                        + " FROM "
                                        + row.getString("grantees")
                                        + " CASCADE");
        if (!revokes.isEmpty()) {
            Sql.run(connection, DdlTrigger.past(connection, String.join("; ", revokes)));
        }
    }

    /** Puts back exactly what was recorded; to be called when the event trigger is gone. */
    static void restore(FenceSession session, Map<String, String> recorded) throws SQLException {
        Connection connection = session.connection();
        String database = session.database();
        List<String> grants =
                Sql.list(
                        connection,
                        MISSING_GRANTS,
                        row -> row.getString(1),
                        required(recorded, "largeObjectGrants/" + database));
        if (!grants.isEmpty()) {
            Sql.run(connection, String.join("; ", grants));
        }
        String readOnly = required(recorded, "readOnly/" + database);
        Sql.run(
                connection,
                alterDatabase(session)
                        + (readOnly.equals(DEFAULT)
                                ? "RESET default_transaction_read_only"
                                : "SET default_transaction_read_only = " + Sql.literal(readOnly)));
        // other rooms keep their bookkeeping there: only an empty schema that we made may go
        if (required(recorded, "schema/" + database).equals("absent")
                && Sql.one(connection, OUR_SCHEMA_IS_EMPTY).equals("0")) {
            Sql.run(connection, "DROP SCHEMA IF EXISTS " + Sql.identifier(Ours.SCHEMA));
        }
    }

    private static String alterDatabase(FenceSession session) {
        return "ALTER DATABASE " + Sql.identifier(session.database()) + " ";
    }

    private static String required(Map<String, String> recorded, String key) {
        return Optional.ofNullable(recorded.get(key))
                .orElseThrow(() ->
                        new SwitchbackException(
                                Code.UNDO_FAILED,
                                key,
                                "the journal does not hold what was recorded before the fence",
                                "lower the fence with the record of the run that raised it"));
    }
}
