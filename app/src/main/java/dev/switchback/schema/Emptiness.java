package dev.switchback.schema;

import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Whether a database holds anything of a user's. */
public final class Emptiness {
    private Emptiness() {}

    /**
     * Relations, functions, types, schemas and large objects that neither we nor an extension made,
     * as {@code kind name}; empty for a fresh database. Excluded schemas do not count.
     */
    public static List<String> userObjects(Connection connection, Exclusions exclusions)
            throws SQLException {
        return Sql.list(
                connection,
                Sql.resource(Emptiness.class, "user-objects.sql"),
                row -> row.getString(1),
                exclusions.schemaArray(connection));
    }
}
