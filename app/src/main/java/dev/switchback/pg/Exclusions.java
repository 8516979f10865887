package dev.switchback.pg;

import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;

/**
 * What stays behind although it is no system object: the operator's helpers, and always what {@link
 * Ours} names.
 *
 * @param schemas schemas with everything in them
 * @param extensions extensions that are not created on the target, with their members
 * @param roles roles that are not carried over; what is granted to them is left out. Objects they
 *     own keep their owner, so such an owner must exist on the target
 */
public record Exclusions(Set<String> schemas, Set<String> extensions, Set<String> roles) {

    public Exclusions {
        schemas = Set.copyOf(schemas);
        extensions = Set.copyOf(extensions);
        roles = Set.copyOf(roles);
    }

    /** Nothing but ours. */
    public static Exclusions none() {
        return new Exclusions(Set.of(), Set.of(), Set.of());
    }

    /**
     * What Spilo and Zalando's postgres-operator put into every database under their default names.
     * Names that the operator's configuration changes, rotated and deleted users come from there:
     * {@link #andRoles}.
     */
    public static Exclusions spilo() {
        return new Exclusions(
                Set.of("metric_helpers", "user_management", "pooler", "zmon_utils", "cron"),
                Set.of(
                        "pg_stat_statements",
                        "pg_stat_kcache",
                        "set_user",
                        "pg_auth_mon",
                        "pg_mon",
                        "pg_cron"),
                Set.of(
                        "postgres",
                        "standby",
                        "pooler",
                        "fes_user",
                        "admin",
                        "cron_admin",
                        "zalandos",
                        "robot_zmon"));
    }

    public Exclusions andRoles(Set<String> more) {
        return new Exclusions(schemas, extensions, union(roles, more));
    }

    public Exclusions andSchemas(Set<String> more) {
        return new Exclusions(union(schemas, more), extensions, roles);
    }

    public boolean schema(String name) {
        return schemas.contains(name) || Ours.isOurSchema(name);
    }

    public boolean extension(String name) {
        return extensions.contains(name);
    }

    public boolean role(String name) {
        return roles.contains(name) || Ours.isOurRole(name);
    }

    /** The excluded schemas and ours, as a parameter for {@code = ANY (?)}. */
    public Array schemaArray(Connection connection) throws SQLException {
        return connection.createArrayOf("text", union(schemas, Set.of(Ours.SCHEMA)).toArray());
    }

    /** The excluded extensions, as a parameter for {@code = ANY (?)}. */
    public Array extensionArray(Connection connection) throws SQLException {
        return connection.createArrayOf("text", extensions.toArray());
    }

    private static Set<String> union(Set<String> some, Set<String> more) {
        Set<String> all = new HashSet<>(some);
        all.addAll(more);
        return all;
    }
}
