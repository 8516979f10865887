package dev.switchback.steps.roles;

import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.steps.World;
import dev.switchback.steps.proof.WriteCounters;

/**
 * The commit point: one transaction that lets the application's roles log in on the target. Before
 * it everything is put back by itself when something fails; after it nothing is.
 */
public final class OpenTarget implements Step {
    public static final String ID = "open-target";

    private final World world;

    public OpenTarget(World world) {
        this.world = world;
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String title() {
        return "Let the applications log in on the target (commit point)";
    }

    @Override
    public boolean inDowntime() {
        return true;
    }

    /**
     * What the row counters say now is where "written since" begins; the writers are still stopped.
     */
    @Override
    public Observation observe(StepContext context) throws Exception {
        try (Carried carried = Carried.open(world, ID)) {
            if (!carried.transfer().isOpen(carried.target(), carried.plan())) {
                return Observation.todo("the roles cannot log in yet");
            }
            Facts roles = Facts.of("roles", String.join(",", carried.plan().logins()));
            return Observation.done(roles.with(WriteCounters.now(world)));
        }
    }

    @Override
    public void apply(StepContext context) throws Exception {
        try (Carried carried = Carried.open(world, ID)) {
            carried.target().setAutoCommit(false);
            carried.transfer().open(carried.target(), carried.plan());
            carried.target().commit();
        }
    }
}
