package dev.switchback.copy;

import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Sql;
import dev.switchback.pg.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows that users put into tables of an extension ({@code pg_extension.extconfig}): they belong to
 * no user table, so neither the copy nor the verification sees them.
 */
public final class ExtensionData {
    private ExtensionData() {}

    /** Tables of one extension with rows that a dump would have carried. */
    public record UserRows(String extension, TableId table, long rows) {}

    /** Empty when nothing would stay behind; excluded extensions are not looked at. */
    public static List<UserRows> userRows(Connection connection, Exclusions exclusions)
            throws SQLException {
        List<UserRows> found = new ArrayList<>();
        for (Config config :
                Sql.list(
                        connection,
                        Sql.resource(ExtensionData.class, "extension-config.sql"),
                        row ->
                                new Config(
                                        row.getString(1),
                                        new TableId(row.getString(2), row.getString(3)),
                                        row.getString(4)),
                        exclusions.extensionArray(connection))) {
            long rows =
                    Long.parseLong(
                            Sql.one(
                                    connection,
                                    "SELECT count(*) FROM ONLY "
                                            + config.table.sql()
                                            + " "
                                            + config.condition));
            if (rows > 0) {
                found.add(new UserRows(config.extension, config.table, rows));
            }
        }
        return List.copyOf(found);
    }

    private record Config(String extension, TableId table, String condition) {}
}
