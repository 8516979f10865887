package dev.switchback.steps.fence;

import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.fence.Fence;
import dev.switchback.steps.Course;
import dev.switchback.steps.World;
import java.util.HashMap;
import java.util.Map;

/** On the way back: lowers the source's fence, so that it serves again. */
public final class OpenSource implements Step {
    private final World world;
    private final FenceWork work;
    private final Facts recorded;

    /**
     * @param recorded what {@link FenceSource} captured: the state before the fence
     */
    public OpenSource(World world, Facts recorded) {
        this.world = world;
        this.work = new FenceWork(world, Course.FORTH, FenceSource.ID);
        this.recorded = recorded;
    }

    @Override
    public String id() {
        return "open-source";
    }

    @Override
    public String title() {
        return "Lower the source's fence";
    }

    @Override
    public boolean inDowntime() {
        return true;
    }

    @Override
    public Observation observe(StepContext context) throws Exception {
        for (String database : world.databases()) {
            if (work.triggersLeft(database, id())) {
                return Observation.todo(database + " is still fenced");
            }
        }
        try (Fence fence = work.fence()) {
            Map<String, String> wanted = new HashMap<>(recorded.values());
            // our schema may hold the heartbeat of a link yet; the fence only drops it when empty
            wanted.keySet().removeIf(name -> name.startsWith("schema/"));
            if (!fence.record().entrySet().containsAll(wanted.entrySet())) {
                return Observation.todo("settings and privileges are not as before the fence");
            }
        }
        return Observation.done("fence", "down");
    }

    @Override
    public void apply(StepContext context) {
        work.lower(recorded.values());
    }
}
