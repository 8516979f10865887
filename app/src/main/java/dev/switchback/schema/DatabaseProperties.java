package dev.switchback.schema;

import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a database is apart from its contents: how to create another one like it.
 *
 * @param options {@code CREATE DATABASE … WITH} these
 * @param statements run afterwards, with {@code %1$s} where the quoted name belongs
 */
record DatabaseProperties(String options, List<String> statements) {
    /** Settings whose stored value is a list of quoted names, and must be given as a list. */
    private static final Set<String> LISTS =
            Set.of(
                    "local_preload_libraries",
                    "search_path",
                    "session_preload_libraries",
                    "shared_preload_libraries",
                    "temp_tablespaces",
                    "unix_socket_directories");

    static DatabaseProperties read(Connection server, String database) throws SQLException {
        String options =
                Sql.one(
                        server,
                        Sql.resource(DatabaseProperties.class, "database-options.sql"),
                        database);
        List<String> statements = new ArrayList<>();
        statements.add("REVOKE ALL ON DATABASE %1$s FROM PUBLIC");
        statements.addAll(
                Sql.list(
                        server,
                        Sql.resource(DatabaseProperties.class, "database-grants.sql"),
                        row -> row.getString(1),
                        database));
        settings(server, database).forEach(s -> statements.add(s.statement()));
        return new DatabaseProperties(options, List.copyOf(statements));
    }

    /** The database's settings, also those for one role in it. */
    static List<DatabaseAttributes.Setting> settings(Connection server, String database)
            throws SQLException {
        return Sql.list(
                server,
                Sql.resource(DatabaseProperties.class, "database-settings.sql"),
                row ->
                        new DatabaseAttributes.Setting(
                                row.getString(3), setting(row.getString(1), row.getString(2))),
                database);
    }

    List<String> createAs(String name) {
        String quoted = Sql.identifier(name);
        List<String> all = new ArrayList<>();
        all.add("CREATE DATABASE " + quoted + " WITH " + options);
        statements.forEach(s -> all.add(s.replace("%1$s", quoted)));
        return all;
    }

    private static String setting(String start, String assignment) {
        int equals = assignment.indexOf('=');
        String name = assignment.substring(0, equals);
        String value = assignment.substring(equals + 1);
        return start + " SET " + parameter(name) + " TO " + value(name, value);
    }

    /** A custom parameter is two names: {@code app.mode}. */
    private static String parameter(String name) {
        return java.util.Arrays.stream(name.split("\\."))
                .map(Sql::identifier)
                .collect(Collectors.joining("."));
    }

    private static String value(String name, String value) {
        if (!LISTS.contains(name)) {
            return Sql.literal(value);
        }
        List<String> parts =
                SqlText.tokens(value).stream()
                        .filter(token -> !token.symbol(','))
                        .map(token -> Sql.literal(token.value()))
                        .toList();
        return parts.isEmpty() ? "''" : String.join(", ", parts);
    }
}
