package dev.switchback.roles;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What was on the target before, and the way back to it. A verifier cannot come back from its hash:
 * a role that existed keeps the carried one until its operator sets its own again from the Secret.
 */
final class RoleUndo {
    private static final String ABSENT = "absent";
    private static final String BLOCKERS = Sql.resource(RoleUndo.class, "drop-blockers.sql");
    private static final String SETTINGS =
            """
            SELECT coalesce(json_agg(json_build_array(coalesce(d.datname, ''), c.setting)), '[]')::text
            FROM pg_catalog.pg_db_role_setting s
            LEFT JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase,
            LATERAL unnest(s.setconfig) AS c(setting)
            """;
    private static final String RECORDED =
            "SELECT e->>0, split_part(e->>1, '=', 1), substr(e->>1, strpos(e->>1, '=') + 1)"
                    + " FROM json_array_elements(CAST(? AS json)) e";

    private final Connection target;

    RoleUndo(Connection target) {
        this.target = target;
    }

    Map<String, String> capture(RolePlan plan) throws SQLException {
        RoleReader reader = new RoleReader(target, List.of());
        Map<String, Role> existing = new LinkedHashMap<>();
        reader.roles().forEach(role -> existing.put(role.name(), role));
        List<Membership> memberships = reader.memberships();
        Map<String, String> found = new LinkedHashMap<>();
        for (String name : plan.names()) {
            Role role = existing.get(name);
            if (role == null) {
                found.put("role/" + name, ABSENT);
                continue;
            }
            found.put("role/" + name, (role.login() ? "LOGIN " : "NOLOGIN ") + role.attributes());
            found.put("until/" + name, role.until());
            found.put(
                    "verifier/" + name,
                    role.verifier() == null ? "none" : "sha256:" + role.verifier().sha256());
            if (role.comment() != null) {
                found.put("comment/" + name, role.comment());
            }
            found.put(
                    "settings/" + name,
                    Sql.one(target, SETTINGS + " WHERE pg_get_userbyid(s.setrole) = ?", name));
            for (Membership membership : memberships) {
                if (membership.member().equals(name)) {
                    found.put("member/" + name + "/" + membership.granted(), membership.text());
                }
            }
        }
        for (String database : databases(plan)) {
            found.put(
                    "database/" + database,
                    Sql.one(target, SETTINGS + " WHERE s.setrole = 0 AND d.datname = ?", database));
        }
        return found;
    }

    void undo(Map<String, String> captured, RolePlan plan) throws SQLException {
        Set<String> existing =
                new HashSet<>(
                        Sql.list(
                                target,
                                "SELECT rolname FROM pg_catalog.pg_roles",
                                row -> row.getString(1)));
        List<String> ours = new ArrayList<>();
        for (String name : plan.names()) {
            String was = captured.get("role/" + name);
            if (was == null) {
                throw new SwitchbackException(
                        Code.UNDO_FAILED,
                        name,
                        "the journal does not hold what was captured before the roles came",
                        "undo with the capture of the attempt that applied them");
            }
            if (was.equals(ABSENT)) {
                ours.add(name);
            } else if (existing.contains(name)) {
                restore(name, was, captured, plan);
            }
        }
        for (String database : databases(plan)) {
            restoreSettings(
                    plan.settings().stream()
                            .filter(s -> s.role().isEmpty() && s.database().equals(database))
                            .toList(),
                    "",
                    captured.get("database/" + database));
        }
        ours.retainAll(existing);
        refuseOwners(ours);
        for (String name : ours) {
            Sql.run(target, "DROP ROLE " + Sql.identifier(name));
        }
    }

    private void restore(String name, String was, Map<String, String> captured, RolePlan plan)
            throws SQLException {
        String role = Sql.identifier(name);
        if (!was.matches("[A-Z0-9 -]+")) {
            throw new SwitchbackException(
                    Code.UNDO_FAILED, name, "no attributes: " + was, "restore the journal");
        }
        String until = captured.getOrDefault("until/" + name, "infinity");
        String comment = captured.get("comment/" + name);
        Sql.run(
                target,
                "ALTER ROLE " + role + " WITH " + was + " VALID UNTIL " + Sql.literal(until));
        Sql.run(
                target,
                "COMMENT ON ROLE "
                        + role
                        + " IS "
                        + (comment == null ? "NULL" : Sql.literal(comment)));
        Set<String> carried = new HashSet<>();
        plan.memberships().stream()
                .filter(m -> m.member().equals(name))
                .forEach(m -> carried.add(m.granted()));
        for (Membership membership : new RoleReader(target, List.of()).memberships()) {
            if (membership.member().equals(name)
                    && carried.contains(membership.granted())
                    && !captured.containsKey("member/" + name + "/" + membership.granted())) {
                Sql.run(target, "REVOKE " + Sql.identifier(membership.granted()) + " FROM " + role);
            }
        }
        Sql.run(target, "ALTER ROLE " + role + " RESET ALL");
        restoreSettings(
                plan.settings().stream()
                        .filter(s -> s.role().equals(name) && !s.database().isEmpty())
                        .toList(),
                name,
                captured.get("settings/" + name));
    }

    private void restoreSettings(
            List<Setting> written, String role, @org.jspecify.annotations.Nullable String recorded)
            throws SQLException {
        RoleWriter writer = new RoleWriter(target);
        Set<String> databases =
                Set.copyOf(
                        Sql.list(
                                target,
                                "SELECT datname FROM pg_catalog.pg_database",
                                row -> row.getString(1)));
        for (Setting setting : written) {
            if (databases.contains(setting.database())) {
                writer.reset(setting);
            }
        }
        if (recorded != null) {
            for (Setting setting :
                    Sql.list(
                            target,
                            RECORDED,
                            row ->
                                    new Setting(
                                            role,
                                            row.getString(1),
                                            row.getString(2),
                                            row.getString(3)),
                            recorded)) {
                writer.write(setting);
            }
        }
    }

    private void refuseOwners(List<String> roles) throws SQLException {
        List<Problem> problems = new ArrayList<>();
        for (String role : roles) {
            List<String> blockers = Sql.list(target, BLOCKERS, row -> row.getString(1), role);
            if (!blockers.isEmpty()) {
                problems.add(
                        new Problem(
                                Code.UNDO_FAILED,
                                role,
                                "cannot be dropped: " + String.join("; ", blockers),
                                "remove what was restored into these databases first, then undo again"));
            }
        }
        if (!problems.isEmpty()) {
            throw new SwitchbackException(problems);
        }
    }

    private static List<String> databases(RolePlan plan) {
        return plan.settings().stream()
                .filter(s -> s.role().isEmpty())
                .map(Setting::database)
                .distinct()
                .toList();
    }
}
