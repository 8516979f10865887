package dev.switchback.roles;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Decides what is carried: reads both sides, changes neither. */
final class RolePlanner {
    /**
     * The fence sets it on the source's databases; a plan made behind the fence must not carry it
     * to the target.
     */
    private static final String READ_ONLY = "default_transaction_read_only";

    private final RolePolicy policy;
    private final Map<String, Role> carried = new TreeMap<>();
    private final Map<String, String> leftBehind = new TreeMap<>();
    private final List<Problem> problems = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    RolePlanner(RolePolicy policy) {
        this.policy = policy;
    }

    RolePlan plan(Connection source, Connection target, List<String> databases)
            throws SQLException {
        RoleReader from = new RoleReader(source, databases);
        RoleReader to = new RoleReader(target, databases);
        List<Membership> memberships = from.memberships();
        Map<String, Set<String>> groups = new HashMap<>();
        for (Membership membership : memberships) {
            groups.computeIfAbsent(membership.member(), m -> new HashSet<>())
                    .add(membership.granted());
        }
        for (Role role : from.roles()) {
            decide(role, groups.getOrDefault(role.name(), Set.of()));
        }
        for (String name : to.loginNames()) {
            if (!carried.containsKey(name) && !policy.isEachSidesOwn(name)) {
                notes.add(
                        "role "
                                + name
                                + " can log in on the target and is no role of the source: it is not closed");
            }
        }
        List<Membership> kept = memberships(memberships, target);
        List<Setting> settings = settings(from.settings(), to);
        return new RolePlan(
                List.copyOf(carried.values()), kept, settings, leftBehind, problems, notes);
    }

    private void decide(Role role, Set<String> groups) {
        String name = role.name();
        Optional<String> reason = policy.leftBehind(role, groups);
        if (reason.isPresent()) {
            if (role.owns() && !policy.isEachSidesOwn(name)) {
                carried.put(name, role.plain());
                notes.add(
                        "role "
                                + name
                                + " ("
                                + reason.get()
                                + ") owns migrated objects: carried as a plain role that cannot log in");
            } else {
                leftBehind.put(name, reason.get());
            }
            return;
        }
        Role wanted = role;
        if (role.superuser() && !policy.keepSuperuser().contains(name)) {
            wanted = role.withoutSuperuser();
            notes.add(
                    "ATTENTION: role "
                            + name
                            + " is SUPERUSER on the source and will not be on the target; name it in keepSuperuser to carry that");
        }
        if (role.hasMd5()) {
            if (role.login()) {
                problems.add(
                        new Problem(
                                Code.ROLE_NOT_PORTABLE,
                                name,
                                "its password is stored as md5, which CloudNativePG's pg_hba refuses",
                                "on the source set password_encryption to scram-sha-256, then set the role's password again (the same one will do)"));
            } else {
                notes.add("role " + name + " has an md5 password that it cannot use");
            }
        } else if (role.login() && role.verifier() == null) {
            notes.add("role " + name + " has no password: nothing but a certificate lets it in");
        }
        carried.put(name, wanted);
    }

    private List<Membership> memberships(List<Membership> all, Connection target)
            throws SQLException {
        Set<String> predefined =
                Set.copyOf(
                        dev.switchback.pg.Sql.list(
                                target,
                                "SELECT rolname FROM pg_catalog.pg_roles WHERE rolname ~ '^pg_'",
                                row -> row.getString(1)));
        boolean options = RoleReader.major(target) >= RoleReader.MEMBERSHIP_OPTIONS;
        List<Membership> kept = new ArrayList<>();
        for (Membership membership : all) {
            if (!carried.containsKey(membership.member())) {
                continue;
            }
            if (!carried.containsKey(membership.granted())
                    && !predefined.contains(membership.granted())) {
                notes.add(
                        "membership not carried: " + membership.text() + ", which is left behind");
                continue;
            }
            Role member = carried.get(membership.member());
            if (!options
                    && member != null
                    && (!membership.set() || membership.inherit() != member.inherit())) {
                notes.add(
                        "the target's version cannot express the options of this membership: "
                                + membership.text());
            }
            kept.add(membership);
        }
        return kept;
    }

    private List<Setting> settings(List<Setting> all, RoleReader target) throws SQLException {
        List<Setting> kept = new ArrayList<>();
        for (Setting setting : all) {
            if (!setting.role().isEmpty() && !carried.containsKey(setting.role())) {
                continue;
            }
            String name = setting.name().toLowerCase(Locale.ROOT);
            boolean custom = name.indexOf('.') > 0 && !policy.isForeign(name);
            if (!custom && !target.knows(name)) {
                notes.add("setting not carried, unknown on the target: " + setting.text());
            } else if (setting.role().isEmpty() && name.equals(READ_ONLY)) {
                notes.add("setting not carried, the fence uses it: " + setting.text());
            } else {
                kept.add(setting);
            }
        }
        return kept;
    }
}
