package dev.switchback.steps.roles;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Ours;
import dev.switchback.pg.Sql;
import dev.switchback.roles.RolePlan;
import dev.switchback.steps.Findings;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** What a plan of roles does not say by itself: who is affected by it now. */
final class RoleTraps {
    private static final String OPERATORS = "belongs to the source's operator";
    private static final String EACH_OWN = "each cluster has its own";
    private static final String PEOPLE = "zalandos";

    private final Connection source;
    private final RolePlan plan;

    RoleTraps(Connection source, RolePlan plan) {
        this.source = source;
        this.plan = plan;
    }

    void look(List<String> databases, Findings findings) throws SQLException {
        superusers(findings);
        replication(findings);
        reserved(findings);
        live(databases, findings);
        expiring(findings);
        people(findings);
    }

    private void superusers(Findings findings) throws SQLException {
        for (String role : carried("rolsuper")) {
            findings.block(
                    new Problem(
                            Code.ROLE_LOSES,
                            role,
                            "is SUPERUSER on the source and will not be on the target",
                            "take SUPERUSER from it on the source and see that the application still works; or accept"
                                    + " that it arrives without",
                            "whatever the application does with that power fails after the switch"));
        }
    }

    private void replication(Findings findings) throws SQLException {
        for (String role : carried("rolreplication AND rolcanlogin")) {
            findings.warn(
                    new Problem(
                            Code.ROLE_LOSES,
                            role,
                            "has REPLICATION, and CloudNativePG's pg_hba has no rule for replication by password",
                            "if it follows the server physically, add a rule to spec.postgresql.pg_hba of the Cluster",
                            "its replication connections would be refused"));
        }
    }

    private List<String> carried(String condition) throws SQLException {
        return Sql.list(
                source,
                "SELECT rolname FROM pg_catalog.pg_roles WHERE rolname = ANY (?) AND "
                        + condition
                        + " ORDER BY rolname",
                row -> row.getString(1),
                names(plan.names()));
    }

    /** A name that means something else on the target: the role would stay behind unseen. */
    private void reserved(Findings findings) {
        plan.leftBehind()
                .forEach((role, reason) -> {
                    if (reason.equals(EACH_OWN)
                            && (role.startsWith("cnpg_") || role.equals("streaming_replica"))) {
                        findings.fail(
                                new Problem(
                                        Code.ROLE_RESERVED,
                                        role,
                                        "has a name that CloudNativePG keeps for itself",
                                        "rename it on the source: ALTER ROLE "
                                                + Sql.identifier(role)
                                                + " RENAME TO …, and set its password again",
                                        "it cannot be carried, and who logs in with it would be locked out"));
                    }
                });
    }

    private record Logins(String role, long sessions, String application) {}

    private void live(List<String> databases, Findings findings) throws SQLException {
        Map<String, String> behind = plan.leftBehind();
        for (Logins logins :
                Sql.list(
                        source,
                        Sql.resource(RoleTraps.class, "live-logins.sql"),
                        row -> new Logins(row.getString(1), row.getLong(2), row.getString(3)),
                        names(databases))) {
            String reason = behind.get(logins.role());
            if (reason == null || reason.equals(OPERATORS) || Ours.isOurRole(logins.role())) {
                continue;
            }
            Problem problem =
                    new Problem(
                            Code.ROLE_LEFT_IN_USE,
                            logins.role(),
                            logins.sessions()
                                    + " session(s) ("
                                    + logins.application()
                                    + ") use it now, and it stays behind: "
                                    + reason,
                            "give the application a role of its own, and restart it with that",
                            "after the switch nobody can log in with it");
            if (reason.equals(EACH_OWN)) {
                findings.warn(problem);
            } else {
                findings.block(problem);
            }
        }
    }

    private record Dated(String role, String until, boolean over, boolean soon) {}

    private void expiring(Findings findings) throws SQLException {
        for (Dated dated :
                Sql.list(
                        source,
                        Sql.resource(RoleTraps.class, "expiring.sql"),
                        row ->
                                new Dated(
                                        row.getString(1),
                                        row.getString(2),
                                        row.getBoolean(3),
                                        row.getBoolean(4)),
                        names(plan.names()))) {
            if (dated.over() || dated.soon()) {
                findings.warn(
                        new Problem(
                                Code.ROLE_EXPIRES,
                                dated.role(),
                                (dated.over()
                                                ? "its password expired at "
                                                : "its password expires at ")
                                        + dated.until(),
                                "ALTER ROLE "
                                        + Sql.identifier(dated.role())
                                        + " VALID UNTIL 'infinity', or drop the role",
                                "the date is carried: a login that fails here fails there"));
            }
        }
    }

    private void people(Findings findings) throws SQLException {
        for (String role :
                Sql.list(
                        source,
                        Sql.resource(RoleTraps.class, "in-group.sql"),
                        row -> row.getString(1),
                        PEOPLE,
                        names(plan.names()))) {
            findings.warn(
                    new Problem(
                            Code.ROLE_LOSES,
                            role,
                            "is a member of " + PEOPLE + ", whom Spilo's pg_hba sends to PAM",
                            "if a program uses it, take it out of "
                                    + PEOPLE
                                    + " and set its password",
                            "on the target it logs in with its stored password, which may not be the one it uses"));
        }
    }

    /** In a session of that database. */
    void grants(String database, Exclusions exclusions, Findings findings) throws SQLException {
        for (Logins lost :
                Sql.list(
                        source,
                        Sql.resource(RoleTraps.class, "lost-grants.sql"),
                        row -> new Logins(row.getString(1), row.getLong(2), row.getString(3)),
                        names(List.copyOf(plan.leftBehind().keySet())),
                        exclusions.schemaArray(source))) {
            String words =
                    "grants on " + lost.sessions() + " object(s), such as " + lost.application();
            String reason = plan.leftBehind().getOrDefault(lost.role(), "");
            if (reason.equals(OPERATORS) || reason.equals(EACH_OWN)) {
                findings.saw(database + "." + lost.role(), words + ", stay behind");
            } else {
                findings.warn(
                        new Problem(
                                Code.ROLE_LOSES,
                                database + " " + lost.role(),
                                words + ", stay behind with the role: " + reason,
                                "grant them to a role that is carried, if anybody needs them",
                                "nobody has them on the target"));
            }
        }
    }

    private Array names(List<String> names) throws SQLException {
        return source.createArrayOf("text", names.toArray());
    }
}
