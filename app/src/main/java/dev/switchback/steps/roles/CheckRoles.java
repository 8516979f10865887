package dev.switchback.steps.roles;

import dev.switchback.cnpg.CnpgSettings;
import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.pg.Pg;
import dev.switchback.roles.RolePlan;
import dev.switchback.roles.RolePolicy;
import dev.switchback.roles.RoleTransfer;
import dev.switchback.steps.Chapter;
import dev.switchback.steps.Check;
import dev.switchback.steps.Findings;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Every application role can be carried, and arrives with what it has; who stays behind, and why,
 * is evidence.
 */
public final class CheckRoles extends Check {
    private static final String LOST = "ATTENTION: role ";

    public CheckRoles(World world) {
        super(
                world,
                Chapter.DATA,
                "check-roles",
                "Check that every application role can be carried, with all its rights");
    }

    @Override
    protected void look(StepContext context, Findings findings) throws Exception {
        List<String> databases = world.databases();
        RolePlan plan = plan(databases, findings);
        for (String database : databases) {
            try (Connection source = Pg.open(world.source(database, id()))) {
                new RoleTraps(source, plan).grants(database, world.exclusions(), findings);
            }
        }
    }

    private RolePlan plan(List<String> databases, Findings findings) throws SQLException {
        try (Connection source = Pg.open(world.source("postgres", id()));
                Connection target = Pg.open(world.targetReader("postgres", id()))) {
            RolePlan plan = new RoleTransfer(RolePolicy.ZALANDO).plan(source, target, databases);
            plan.problems().forEach(problem -> findings.fail(explained(problem)));
            findings.saw("carried", String.join(",", plan.names()));
            findings.saw("leftBehind", String.join(",", plan.leftBehind().keySet()));
            findings.saw("notes", String.join("; ", plan.notes()));
            for (String note : plan.notes()) {
                if (!note.startsWith(LOST)) {
                    findings.warn(
                            new Problem(
                                    Code.ROLE_LOSES,
                                    world.source().display(),
                                    note,
                                    "",
                                    "the role will not be on the target exactly as it is here"));
                }
            }
            managed(plan, findings);
            new RoleTraps(source, plan).look(databases, findings);
            return plan;
        }
    }

    private static Problem explained(Problem problem) {
        return new Problem(
                problem.code(),
                problem.object(),
                problem.what(),
                problem.remedy(),
                "passwords are carried as they are stored: the application could not log in after the switch");
    }

    /** The operator would open a closed role, or close an opened one, at its next look. */
    private void managed(RolePlan plan, Findings findings) {
        for (String role : new CnpgSettings(world.target().object()).managedRoles()) {
            if (plan.names().contains(role)) {
                findings.fail(
                        new Problem(
                                Code.ROLE_RESERVED,
                                role,
                                "is in spec.managed.roles of " + world.target().display(),
                                "take it out of spec.managed.roles until the migration is over",
                                "the operator sets its LOGIN, password and memberships back at every look: the target"
                                        + " could be open while the source is"));
            }
        }
    }
}
