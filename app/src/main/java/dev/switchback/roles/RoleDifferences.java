package dev.switchback.roles;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Compares what the source asks for now with what the target has. */
final class RoleDifferences {
    private RoleDifferences() {}

    /**
     * @param now a fresh plan, for everything but verifiers
     * @param applied the plan that was written, for verifiers
     */
    static List<String> find(RolePlan now, RolePlan applied, RoleReader target)
            throws SQLException {
        List<String> found = new ArrayList<>();
        Map<String, Role> there = new HashMap<>();
        target.roles().forEach(role -> there.put(role.name(), role));
        Map<String, Role> written = new HashMap<>();
        applied.toCreate().forEach(role -> written.put(role.name(), role));
        for (Role wanted : now.toCreate()) {
            String name = wanted.name();
            Role role = there.get(name);
            if (role == null) {
                found.add("role " + name + " is missing on the target");
                continue;
            }
            compare(name, "attributes", wanted.attributes(), role.attributes(), found);
            compare(name, "valid until", wanted.until(), role.until(), found);
            compare(name, "comment", wanted.comment(), role.comment(), found);
            Role copied = written.getOrDefault(name, wanted);
            if (!Objects.equals(copied.verifier(), role.verifier())) {
                found.add("role " + name + ": the stored password is not the one that was carried");
            }
        }
        Set<String> carried = Set.copyOf(now.names());
        List<String> memberships =
                target.memberships().stream()
                        .filter(m -> carried.contains(m.member()))
                        .map(Membership::text)
                        .toList();
        texts(
                now.memberships().stream().map(Membership::text).toList(),
                memberships,
                memberships,
                "membership ",
                found);
        List<Setting> settings = target.settings();
        texts(
                now.settings().stream().map(Setting::text).toList(),
                settings.stream().map(Setting::text).toList(),
                // a database may have settings of the target's own
                settings.stream()
                        .filter(s -> carried.contains(s.role()))
                        .map(Setting::text)
                        .toList(),
                "setting of ",
                found);
        return found;
    }

    private static void compare(
            String role,
            String what,
            @org.jspecify.annotations.Nullable String wanted,
            @org.jspecify.annotations.Nullable String is,
            List<String> found) {
        if (!Objects.equals(wanted, is)) {
            found.add("role " + role + ": " + what + " is " + is + ", on the source " + wanted);
        }
    }

    private static void texts(
            List<String> wanted,
            List<String> are,
            List<String> noMoreThanWanted,
            String what,
            List<String> found) {
        for (String text : wanted) {
            if (!are.contains(text)) {
                found.add(what + text + " is missing on the target");
            }
        }
        for (String text : noMoreThanWanted) {
            if (!wanted.contains(text)) {
                found.add(what + text + " is on the target only");
            }
        }
    }
}
