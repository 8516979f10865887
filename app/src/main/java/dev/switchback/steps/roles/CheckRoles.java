package dev.switchback.steps.roles;

import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.pg.Pg;
import dev.switchback.roles.RolePlan;
import dev.switchback.roles.RolePolicy;
import dev.switchback.roles.RoleTransfer;
import dev.switchback.steps.World;
import java.sql.Connection;

/** Every application role can be carried; who stays behind, and why, is evidence. */
public final class CheckRoles implements Step {
    private final World world;

    public CheckRoles(World world) {
        this.world = world;
    }

    @Override
    public String id() {
        return "check-roles";
    }

    @Override
    public String title() {
        return "Check that every application role can be carried";
    }

    @Override
    public boolean acts() {
        return false;
    }

    @Override
    public Observation observe(StepContext context) throws Exception {
        try (Connection source = Pg.open(world.source("postgres", id()));
                Connection target = Pg.open(world.targetReader("postgres", id()))) {
            RolePlan plan =
                    new RoleTransfer(RolePolicy.ZALANDO).plan(source, target, world.databases());
            return plan.problems().isEmpty()
                    ? Observation.done(
                            "carried", String.join(",", plan.names()),
                            "leftBehind", String.join(",", plan.leftBehind().keySet()),
                            "notes", String.join("; ", plan.notes()))
                    : new Observation.Impossible(plan.problems());
        }
    }
}
