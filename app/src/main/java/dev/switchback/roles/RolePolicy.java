package dev.switchback.roles;

import dev.switchback.pg.Ours;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which roles of a Zalando cluster are the operators' and not the application's.
 *
 * @param systemRoles names that are the source operator's: configurable there, so configurable here
 * @param humansGroup the group whose members without a password are people (PAM)
 * @param keepSuperuser roles that keep SUPERUSER on the target because the document names them
 * @param foreignSettings prefixes of settings that belong to libraries of the source's image
 */
public record RolePolicy(
        Set<String> systemRoles,
        String humansGroup,
        Set<String> keepSuperuser,
        Set<String> foreignSettings) {

    /** The defaults of Zalando's operator and of Spilo. */
    public static final RolePolicy ZALANDO =
            new RolePolicy(
                    Set.of(
                            "postgres",
                            "standby",
                            "pooler",
                            "fes_user",
                            "admin",
                            "cron_admin",
                            "zalandos",
                            "robot_zmon"),
                    "zalandos",
                    Set.of(),
                    Set.of(
                            "extwlist",
                            "bg_mon",
                            "set_user",
                            "pg_stat_kcache",
                            "pg_auth_mon",
                            "pg_mon",
                            "cron"));

    private static final Pattern ROTATED = Pattern.compile("(.+)[0-9]{6}");

    /** Roles that each side has of its own and that are never carried, not even as owners. */
    private static final Set<String> EACH_SIDES_OWN = Set.of("postgres", "streaming_replica");

    public RolePolicy {
        systemRoles = Set.copyOf(systemRoles);
        keepSuperuser = Set.copyOf(keepSuperuser);
        foreignSettings = Set.copyOf(foreignSettings);
    }

    public RolePolicy keepingSuperuser(Set<String> roles) {
        return new RolePolicy(systemRoles, humansGroup, roles, foreignSettings);
    }

    boolean isEachSidesOwn(String role) {
        return EACH_SIDES_OWN.contains(role)
                || role.startsWith("cnpg_")
                || role.startsWith("pg_")
                || Ours.isOurRole(role);
    }

    /** Why the role stays behind; empty when it is carried. */
    Optional<String> leftBehind(Role role, Set<String> groups) {
        String name = role.name();
        if (isEachSidesOwn(name)) {
            return Optional.of("each cluster has its own");
        }
        if (systemRoles.contains(name)) {
            return Optional.of("belongs to the source's operator");
        }
        if (name.endsWith("_deleted")) {
            return Optional.of("a removed team member");
        }
        Matcher rotated = ROTATED.matcher(name);
        if (rotated.matches() && groups.contains(rotated.group(1))) {
            return Optional.of("a rotated login of " + rotated.group(1));
        }
        if (role.login() && role.verifier() == null && groups.contains(humansGroup)) {
            return Optional.of("a person of the team, without a password");
        }
        return Optional.empty();
    }

    boolean isForeign(String setting) {
        int dot = setting.indexOf('.');
        return dot > 0 && foreignSettings.contains(setting.substring(0, dot));
    }
}
