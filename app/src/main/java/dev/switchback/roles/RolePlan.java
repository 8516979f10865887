package dev.switchback.roles;

import dev.switchback.fault.Problem;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What will be on the target: pure data, verifiers inside {@link dev.switchback.pg.Secret}s.
 *
 * @param toCreate the roles carried, as they are to be once open
 * @param memberships between carried roles, and of them in PostgreSQL's own roles
 * @param settings of carried roles and of migrated databases
 * @param leftBehind roles not carried, with the reason
 * @param problems what forbids the transfer, all at once
 * @param notes what a person should know: attributes not carried, memberships and settings left out
 */
public record RolePlan(
        List<Role> toCreate,
        List<Membership> memberships,
        List<Setting> settings,
        Map<String, String> leftBehind,
        List<Problem> problems,
        List<String> notes) {

    public RolePlan {
        toCreate = List.copyOf(toCreate);
        memberships = List.copyOf(memberships);
        settings = List.copyOf(settings);
        leftBehind = java.util.Collections.unmodifiableMap(new TreeMap<>(leftBehind));
        problems = List.copyOf(problems);
        notes = List.copyOf(notes);
    }

    /** Names of all carried roles. */
    public List<String> names() {
        return toCreate.stream().map(Role::name).toList();
    }

    /** Names of the roles that log in once the target is open. */
    public List<String> logins() {
        return toCreate.stream().filter(Role::login).map(Role::name).toList();
    }
}
