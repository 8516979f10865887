package dev.switchback.steps.checks;

import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a server gives to a session of some database before any role's own settings, by name.
 *
 * @param values in the server's own units
 * @param unread what our own login overrides and our role cannot look up behind it
 */
record ServerSettings(Map<String, Value> values, Set<String> unread) {
    private static final Set<String> FROM_FILES =
            Set.of(
                    "default",
                    "environment variable",
                    "configuration file",
                    "command line",
                    "override");
    private static final Set<String> SENT_BY_US =
            Set.of("application_name", "client_encoding", "extra_float_digits");

    /**
     * @param chosen whether somebody configured it: it is not merely PostgreSQL's own default
     */
    record Value(String value, String unit, boolean chosen) {}

    private record Row(String name, String reset, String boot, String source, String unit) {}

    /**
     * @param server a session in a database that no {@code ALTER DATABASE} touched
     * @param configured what is known to be configured where our role cannot see it, by lower-case
     *     name
     */
    static ServerSettings of(Connection server, Map<String, String> configured)
            throws SQLException {
        Map<String, Value> values = new TreeMap<>();
        Set<String> unread = new java.util.TreeSet<>();
        for (Row row :
                Sql.list(
                        server,
                        Sql.resource(ServerSettings.class, "settings.sql"),
                        r ->
                                new Row(
                                        r.getString(1).toLowerCase(java.util.Locale.ROOT),
                                        r.getString(2),
                                        r.getString(3),
                                        r.getString(4),
                                        r.getString(5)))) {
            if (SENT_BY_US.contains(row.name())) {
                continue;
            }
            Optional<String> value =
                    FROM_FILES.contains(row.source())
                            ? Optional.of(row.reset())
                            : behindLogin(server, row, configured);
            value.ifPresentOrElse(
                    v -> values.put(row.name(), new Value(v, row.unit(), !v.equals(row.boot()))),
                    () -> unread.add(row.name()));
        }
        return new ServerSettings(values, unread);
    }

    /** A login sends its own TimeZone and DateStyle; the server's stand in its files. */
    private static Optional<String> behindLogin(
            Connection server, Row row, Map<String, String> configured) throws SQLException {
        String known = configured.get(row.name());
        if (known != null) {
            return Optional.of(known);
        }
        if (Sql.one(
                        server,
                        "SELECT has_function_privilege('pg_catalog.pg_show_all_file_settings()', 'EXECUTE')")
                .equals("f")) {
            return Optional.empty();
        }
        String file =
                Sql.first(
                        server,
                        "SELECT setting FROM pg_catalog.pg_file_settings WHERE lower(name) = ? AND error IS NULL"
                                + " ORDER BY seqno DESC LIMIT 1",
                        row.name());
        return Optional.of(file == null ? row.boot() : file);
    }

    /** With {@code ALTER ROLE ALL} and {@code ALTER DATABASE} of this database laid over. */
    Map<String, Value> in(String database, List<Assigned> overrides) {
        Map<String, Value> effective = new HashMap<>(values);
        for (Assigned override : overrides) {
            boolean forAll = override.role().isEmpty();
            boolean here = override.database().isEmpty() || override.database().equals(database);
            Value base = effective.get(override.name());
            if (forAll && here && base != null) {
                effective.put(override.name(), new Value(override.value(), base.unit(), true));
            }
        }
        return effective;
    }

    /** One {@code ALTER … SET}; empty names mean all. */
    record Assigned(String database, String role, String name, String value) {
        static List<Assigned> of(Connection server) throws SQLException {
            return Sql.list(
                    server,
                    Sql.resource(ServerSettings.class, "role-settings.sql"),
                    row ->
                            new Assigned(
                                    row.getString(1),
                                    row.getString(2),
                                    row.getString(3),
                                    row.getString(4)));
        }
    }
}
