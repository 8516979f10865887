package dev.switchback.steps.fence;

import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.pg.Ours;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.steps.Course;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * After the way back: takes the target's fence down. Its application roles cannot log in any more,
 * and the next try makes its databases empty.
 */
public final class LowerTargetFence implements Step {
    private final World world;

    public LowerTargetFence(World world) {
        this.world = world;
    }

    @Override
    public String id() {
        return "lower-target-fence";
    }

    @Override
    public String title() {
        return "Lower the target's fence";
    }

    @Override
    public Observation observe(StepContext context) throws Exception {
        for (String database : world.databases()) {
            try (Connection target = Pg.open(world.target(database, id()))) {
                if (Sql.first(
                                target,
                                "SELECT 1 FROM pg_event_trigger WHERE evtname = ?"
                                        + " UNION ALL SELECT 1 FROM pg_trigger WHERE tgname = ? LIMIT 1",
                                Ours.FENCE_EVENT_TRIGGER,
                                Ours.FENCE_TRIGGER)
                        != null) {
                    return Observation.todo(database + " is still fenced");
                }
            }
        }
        return Observation.done("fence", "down");
    }

    @Override
    public void apply(StepContext context) {
        Map<String, String> before = new LinkedHashMap<>();
        context.evidenceOf(FenceTarget.ID)
                .orElse(Facts.NONE)
                .values()
                .forEach((name, value) -> {
                    if (name.startsWith(FenceTarget.BEFORE)) {
                        before.put(name.substring(FenceTarget.BEFORE.length()), value);
                    }
                });
        new FenceWork(world, Course.BACK, FenceTarget.ID).lower(before);
    }
}
