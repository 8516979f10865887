package dev.switchback.roles;

import dev.switchback.pg.Secret;
import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Writes a plan to the target; to be called inside one transaction, made silent first. */
final class RoleWriter {
    private static final String SILENCE = Sql.resource(RoleWriter.class, "silence.sql");

    /**
     * Settings whose stored value is a list of quoted names: given as one literal it would become
     * one name, so the server takes it from the session as it stands.
     */
    private static final Set<String> LISTS =
            Set.of(
                    "search_path",
                    "temp_tablespaces",
                    "local_preload_libraries",
                    "session_preload_libraries");

    private final Connection target;

    RoleWriter(Connection target) {
        this.target = target;
    }

    /** Keeps the transaction's statements out of log, statistics and activity view. */
    void silence() throws SQLException {
        Sql.one(target, SILENCE);
    }

    void writeClosed(RolePlan plan) throws SQLException {
        Set<String> existing =
                new HashSet<>(
                        Sql.list(
                                target,
                                "SELECT rolname FROM pg_catalog.pg_roles",
                                row -> row.getString(1)));
        for (Role role : plan.toCreate()) {
            String name = Sql.identifier(role.name());
            if (!existing.contains(role.name())) {
                Sql.run(target, "CREATE ROLE " + name + " NOLOGIN");
            }
            Secret verifier = role.verifier();
            Sql.run(
                    target,
                    "ALTER ROLE "
                            + name
                            + " WITH NOLOGIN "
                            + role.attributes()
                            + " VALID UNTIL "
                            + Sql.literal(role.until())
                            + " PASSWORD "
                            + (verifier == null ? "NULL" : Sql.literal(verifier.reveal())));
            String comment = role.comment();
            Sql.run(
                    target,
                    "COMMENT ON ROLE "
                            + name
                            + " IS "
                            + (comment == null ? "NULL" : Sql.literal(comment)));
        }
        for (Membership membership : plan.memberships()) {
            grant(membership);
        }
        writeSettings(plan);
    }

    private void grant(Membership membership) throws SQLException {
        String grant =
                "GRANT "
                        + Sql.identifier(membership.granted())
                        + " TO "
                        + Sql.identifier(membership.member());
        if (RoleReader.major(target) >= RoleReader.MEMBERSHIP_OPTIONS) {
            grant +=
                    " WITH ADMIN "
                            + membership.admin()
                            + ", INHERIT "
                            + membership.inherit()
                            + ", SET "
                            + membership.set();
        } else if (membership.admin()) {
            grant += " WITH ADMIN OPTION";
        }
        Sql.run(target, grant);
    }

    private void writeSettings(RolePlan plan) throws SQLException {
        for (Role role : plan.toCreate()) {
            Sql.run(target, "ALTER ROLE " + Sql.identifier(role.name()) + " RESET ALL");
        }
        Set<String> databases =
                Set.copyOf(
                        Sql.list(
                                target,
                                "SELECT datname FROM pg_catalog.pg_database",
                                row -> row.getString(1)));
        for (Setting setting : plan.settings()) {
            if (setting.database().isEmpty() || databases.contains(setting.database())) {
                write(setting);
            }
        }
    }

    /** One ALTER … SET. */
    void write(Setting setting) throws SQLException {
        String name = setting.name();
        if (LISTS.contains(name)) {
            Sql.one(target, "SELECT set_config(?, ?, true)", name, setting.value());
            Sql.run(target, alter(setting) + " SET " + name + " FROM CURRENT");
            Sql.run(target, "SET LOCAL " + name + " TO DEFAULT");
            return;
        }
        Sql.run(
                target,
                alter(setting) + " SET " + dotted(name) + " TO " + Sql.literal(setting.value()));
    }

    void reset(Setting setting) throws SQLException {
        Sql.run(target, alter(setting) + " RESET " + dotted(setting.name()));
    }

    private static String alter(Setting setting) {
        if (setting.role().isEmpty()) {
            return "ALTER DATABASE " + Sql.identifier(setting.database());
        }
        return "ALTER ROLE "
                + Sql.identifier(setting.role())
                + (setting.database().isEmpty()
                        ? ""
                        : " IN DATABASE " + Sql.identifier(setting.database()));
    }

    private static String dotted(String name) {
        return String.join(".", List.of(name.split("\\.")).stream().map(Sql::identifier).toList());
    }
}
