package dev.switchback.schema;

import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;

/**
 * Who may do what with a database as such, and its comment: neither is part of a dump of the
 * database. As statements with {@code %1$s} for its name.
 */
public final class DatabaseGrants {
    private static final String COMMENT = "COMMENT ON DATABASE ";

    private DatabaseGrants() {}

    /** The database's grants and comment now, in order; none to roles that stay behind. */
    public static List<String> read(Connection server, String database, Exclusions exclusions)
            throws SQLException {
        return Sql.list(
                        server,
                        Sql.resource(DatabaseGrants.class, "database-grants.sql"),
                        row -> row.getString(1),
                        database)
                .stream()
                .filter(s ->
                        s.startsWith(COMMENT)
                                || Privileges.roles(SqlText.tokens(s.replace("%1$s", "x"))).stream()
                                        .noneMatch(exclusions::role))
                .sorted()
                .toList();
    }

    /** Makes the database's grants and comment exactly these, in one transaction. */
    public static void write(
            Connection server, String database, Exclusions exclusions, List<String> wanted)
            throws SQLException {
        String name = Sql.identifier(database);
        List<String> statements = new ArrayList<>();
        for (String present : read(server, database, exclusions)) {
            if (!present.startsWith(COMMENT)) {
                statements.add(
                        present.replaceFirst("^GRANT ", "REVOKE ")
                                .replaceFirst(
                                        " ON DATABASE %1\\$s TO ", " ON DATABASE %1\\$s FROM ")
                                .replaceFirst(" WITH GRANT OPTION$", ""));
            }
        }
        statements.add(COMMENT + "%1$s IS NULL");
        statements.addAll(wanted);
        boolean automatic = server.getAutoCommit();
        server.setAutoCommit(false);
        try {
            for (String statement : statements) {
                // the first: a comment may hold the same characters
                Sql.run(server, statement.replaceFirst("%1\\$s", Matcher.quoteReplacement(name)));
            }
            server.commit();
        } catch (SQLException e) {
            server.rollback();
            throw e;
        } finally {
            server.setAutoCommit(automatic);
        }
    }
}
