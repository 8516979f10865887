package dev.switchback.steps.fence;

import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.engine.UndoAt;
import dev.switchback.fault.Problem;
import dev.switchback.fence.Fence;
import dev.switchback.fence.FenceProof;
import dev.switchback.steps.Stops;
import dev.switchback.steps.World;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Makes the source unwritable to applications, superusers included, and journals the proof. */
public final class FenceSource implements Step {
    public static final String ID = "fence-source";

    private final World world;

    public FenceSource(World world) {
        this.world = world;
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String title() {
        return "Fence the source against every write";
    }

    @Override
    public boolean inDowntime() {
        return true;
    }

    @Override
    public UndoAt undoAt() {
        return UndoAt.RELEASE_FIRST;
    }

    /**
     * The fence counts as raised only while this process holds its locks; another process raises it
     * again.
     */
    @Override
    public Observation observe(StepContext context) {
        Optional<Fence> held = world.sessions().fence();
        if (held.isEmpty()) {
            return Observation.todo("not raised by this process");
        }
        return held.get()
                .check()
                .map(Problem::what)
                .map(Observation::todo)
                .orElseGet(() -> Observation.done(Facts.NONE));
    }

    @Override
    public Facts capture(StepContext context) {
        try (Fence fence = fence(world)) {
            return new Facts(fence.record());
        }
    }

    @Override
    public void apply(StepContext context) throws InterruptedException {
        Fence fence = fence(world);
        world.sessions().hold(fence);
        FenceProof proof = fence.raise(new Stops(context));
        Facts evidence =
                Facts.of(
                        "barrier", proof.barrier().toString(),
                        "tables", String.valueOf(proof.tables()),
                        "sessionsEnded", String.valueOf(proof.terminated()),
                        "sessionsSpared", String.join(", ", proof.spared()),
                        "quietAfterSeconds", String.valueOf(proof.took().toMillis() / 1000.0));
        for (Map.Entry<String, String> counter : proof.quiet().toMap().entrySet()) {
            evidence = evidence.with(QUIET + counter.getKey(), counter.getValue());
        }
        context.evidence(evidence);
    }

    @Override
    public void undo(StepContext context) {
        world.sessions().letFenceGo();
        try (Fence fence = fence(world)) {
            fence.lower(context.captured().values());
        }
    }

    /** Start of the evidence names that hold the counters at the barrier. */
    static final String QUIET = "quiet.";

    static Map<String, String> quietFacts(Facts evidence) {
        Map<String, String> quiet = new LinkedHashMap<>();
        evidence.values()
                .forEach((name, value) -> {
                    if (name.startsWith(QUIET)) {
                        quiet.put(name.substring(QUIET.length()), value);
                    }
                });
        return quiet;
    }

    static Fence fence(World world) {
        return new Fence(world.source("postgres", ID), world.databases());
    }
}
