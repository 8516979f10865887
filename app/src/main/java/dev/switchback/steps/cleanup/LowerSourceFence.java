package dev.switchback.steps.cleanup;

import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fence.Fence;
import dev.switchback.link.Fenced;
import dev.switchback.link.Heartbeat;
import dev.switchback.pg.Pg;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Takes the fence's triggers, functions and schema off the source, which is closed by {@link
 * CloseSource} then; the grants on large-object functions become what they were.
 */
public final class LowerSourceFence implements Step {
    private static final String ID = "lower-source-fence";
    private static final String READ_ONLY = "readOnly/";
    private static final String GRANTS = "largeObjectGrants/";
    private static final Set<String> OURS =
            Set.of("schema", "table", "function", "trigger", "event trigger");

    private final World world;
    private final Facts recorded;

    /**
     * @param recorded what {@code fence-source} captured: the state before the fence
     */
    public LowerSourceFence(World world, Facts recorded) {
        this.world = world;
        this.recorded = recorded;
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String title() {
        return "Take the fence off the closed source";
    }

    @Override
    public Observation observe(StepContext context) {
        ServerTraces source = new ServerTraces(Trace.SOURCE, world.source("postgres", ID));
        for (String database : world.databases()) {
            List<String> left = source.in(database, OURS);
            List<String> foreign = left.stream().filter(l -> l.startsWith("table ")).toList();
            if (!foreign.isEmpty() && left.stream().noneMatch(l -> l.contains("trigger "))) {
                return Observation.impossible(shared(database, foreign));
            }
            if (!left.isEmpty()) {
                return Observation.todo(database + ": " + String.join(", ", left));
            }
        }
        try (Fence fence = fence()) {
            Map<String, String> now = fence.record();
            for (String database : world.databases()) {
                String before = recorded.values().get(GRANTS + database);
                if (before != null && !before.equals(now.get(GRANTS + database))) {
                    return Observation.todo(
                            database + ": grants on large-object functions are not as before");
                }
            }
        }
        return Observation.done("fence", "down");
    }

    private Problem shared(String database, List<String> foreign) {
        return new Problem(
                Code.SCHEMA_SHARED,
                world.source().display() + "/" + database,
                "schema switchback holds what we did not put there: " + String.join(", ", foreign),
                "move or drop it, then run 'switchback cleanup' again");
    }

    @Override
    public void apply(StepContext context) throws Exception {
        Map<String, String> closed = new TreeMap<>(recorded.values());
        // what CloseSource said stays: only the rest goes back to what it was
        world.databases().forEach(database -> closed.put(READ_ONLY + database, "on"));
        try (Fence fence = fence()) {
            fence.lower(closed);
        }
        for (String database : world.databases()) {
            try (Connection source = Pg.open(world.source(database, ID))) {
                // the schema too, once it is empty
                Heartbeat.drop(source, Fenced.NO);
            }
        }
    }

    private Fence fence() {
        return new Fence(world.source("postgres", ID), world.databases());
    }
}
