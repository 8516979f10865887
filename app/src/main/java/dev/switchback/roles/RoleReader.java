package dev.switchback.roles;

import dev.switchback.pg.Secret;
import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads roles, memberships and settings of one cluster as a superuser, whatever its major. */
final class RoleReader {
    private static final String ROLES = Sql.resource(RoleReader.class, "roles.sql");
    private static final String MEMBERSHIPS = Sql.resource(RoleReader.class, "memberships.sql");
    private static final String SETTINGS = Sql.resource(RoleReader.class, "settings.sql");

    /** From here on a membership has INHERIT and SET options of its own. */
    static final int MEMBERSHIP_OPTIONS = 16;

    private final Connection connection;
    private final List<String> databases;

    RoleReader(Connection connection, List<String> databases) {
        this.connection = connection;
        this.databases = databases;
    }

    static int major(Connection connection) throws SQLException {
        return connection.getMetaData().getDatabaseMajorVersion();
    }

    /**
     * Who can log in, superusers aside; readable by every role, before superuser access to the
     * target is on.
     */
    List<String> loginNames() throws SQLException {
        return Sql.list(
                connection,
                "SELECT rolname FROM pg_catalog.pg_roles WHERE rolcanlogin AND NOT rolsuper ORDER BY rolname",
                row -> row.getString(1));
    }

    List<Role> roles() throws SQLException {
        return withDatabases(
                ROLES,
                row ->
                        new Role(
                                row.getString("rolname"),
                                row.getBoolean("rolsuper"),
                                row.getBoolean("rolinherit"),
                                row.getBoolean("rolcreaterole"),
                                row.getBoolean("rolcreatedb"),
                                row.getBoolean("rolcanlogin"),
                                row.getBoolean("rolreplication"),
                                row.getBoolean("rolbypassrls"),
                                row.getInt("rolconnlimit"),
                                finite(row.getString("valid_until")),
                                secret(row.getString("rolpassword")),
                                row.getString("comment"),
                                row.getBoolean("owns")));
    }

    List<Membership> memberships() throws SQLException {
        boolean options = major(connection) >= MEMBERSHIP_OPTIONS;
        String sql =
                MEMBERSHIPS
                        .replace("/*inherit*/", options ? "a.inherit_option" : "m.rolinherit")
                        .replace("/*set*/", options ? "a.set_option" : "true");
        return Sql.list(
                connection,
                sql,
                row ->
                        new Membership(
                                row.getString("granted"),
                                row.getString("member"),
                                row.getBoolean("admin"),
                                row.getBoolean("inherit"),
                                row.getBoolean("set")));
    }

    List<Setting> settings() throws SQLException {
        return withDatabases(
                SETTINGS,
                row ->
                        new Setting(
                                row.getString("role"),
                                row.getString("database"),
                                row.getString("name"),
                                row.getString("value")));
    }

    /**
     * Whether this server knows the setting by itself; asked by value, because pg_settings does not
     * list {@code role}, which Zalando's prepared databases set.
     */
    boolean knows(String setting) throws SQLException {
        return Sql.first(connection, "SELECT current_setting(?, true)", setting) != null;
    }

    private <T> List<T> withDatabases(String sql, Sql.Row<T> read) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, connection.createArrayOf("text", databases.toArray()));
            List<T> rows = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    rows.add(read.read(row));
                }
            }
            return rows;
        }
    }

    private static @Nullable String finite(@Nullable String until) {
        return until == null || until.equals("infinity") ? null : until;
    }

    private static @Nullable Secret secret(@Nullable String verifier) {
        return verifier == null ? null : Secret.of(verifier);
    }
}
