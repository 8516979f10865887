package dev.switchback.steps.roles;

import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.engine.UndoAt;
import dev.switchback.pg.Pg;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.util.List;
import java.util.Optional;

/**
 * Creates or adapts the application's roles on the target, with everything but the right to log in.
 */
public final class CopyRolesClosed implements Step {
    public static final String ID = "copy-roles-closed";

    private final World world;

    public CopyRolesClosed(World world) {
        this.world = world;
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String title() {
        return "Create the application's roles on the target, unable to log in";
    }

    @Override
    public UndoAt undoAt() {
        return UndoAt.ABORT;
    }

    @Override
    public Observation observe(StepContext context) throws Exception {
        try (Carried carried = Carried.open(world, ID);
                Connection source = Pg.open(world.source("postgres", ID))) {
            if (!carried.transfer().closed(carried.target(), carried.plan())) {
                return Observation.todo("some roles are missing, or can log in");
            }
            List<String> differences =
                    carried
                            .transfer()
                            .differences(
                                    source, carried.target(), carried.plan(), world.databases())
                            .stream()
                            .filter(d -> !ownersPassword(d))
                            .toList();
            return differences.isEmpty()
                    ? Observation.done(
                            "roles", String.join(",", carried.plan().names()),
                            "willLogIn", String.join(",", carried.plan().logins()))
                    : Observation.todo(differences.getFirst());
        }
    }

    /**
     * CNPG sets the owner's password from its Secret and salts it anew: the same password, another
     * verifier.
     */
    private boolean ownersPassword(String difference) {
        Optional<String> owner = world.target().initdbOwner();
        return owner.isPresent()
                && difference.startsWith("role " + owner.get() + ": the stored password");
    }

    @Override
    public Facts capture(StepContext context) throws Exception {
        try (Carried carried = Carried.open(world, ID)) {
            return new Facts(carried.transfer().capture(carried.target(), carried.plan()));
        }
    }

    @Override
    public void apply(StepContext context) throws Exception {
        try (Carried carried = Carried.open(world, ID)) {
            carried.transfer().applyClosed(carried.target(), carried.plan());
        }
    }

    @Override
    public void undo(StepContext context) throws Exception {
        try (Carried carried = Carried.open(world, ID)) {
            carried.transfer().undo(carried.target(), context.captured().values(), carried.plan());
        }
    }
}
