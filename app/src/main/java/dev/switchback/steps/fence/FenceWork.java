package dev.switchback.steps.fence;

import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.StepContext;
import dev.switchback.fault.Problem;
import dev.switchback.fence.Fence;
import dev.switchback.fence.FenceProof;
import dev.switchback.fence.QuietProof;
import dev.switchback.pg.Ours;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.steps.Course;
import dev.switchback.steps.Stops;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the fences of both sides have in common: raised, looked at, proven, lowered. */
final class FenceWork {
    /** Start of the evidence names that hold the counters at the barrier. */
    private static final String QUIET = "quiet.";

    private final World world;
    private final Course course;
    private final String id;

    /**
     * @param course the side that is fenced is the one it leads away from
     * @param id of the step that raises it
     */
    FenceWork(World world, Course course, String id) {
        this.world = world;
        this.course = course;
        this.id = id;
    }

    Fence fence() {
        return new Fence(course.from(world, "postgres", id), world.databases());
    }

    /**
     * The fence counts as raised only while this process holds its locks; another process raises it
     * again.
     */
    Observation observe() {
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

    Facts capture() {
        try (Fence fence = fence()) {
            return new Facts(fence.record());
        }
    }

    void raise(StepContext context) throws InterruptedException {
        Fence fence = fence();
        world.sessions().hold(fence);
        context.evidence(FenceSource.BEGAN, Instant.now().toString());
        FenceProof proof = fence.raise(new Stops(context));
        Facts evidence =
                Facts.of(
                        "barrier", proof.barrier().toString(),
                        "tables", String.valueOf(proof.tables()),
                        "sessionsEnded", String.valueOf(proof.terminated()),
                        "sessionsSpared", String.join(", ", proof.spared()),
                        "quietAfterSeconds", String.valueOf(proof.took().toMillis() / 1000.0));
        context.evidence(evidence.with(new Facts(proof.quiet().toMap()).prefixed(QUIET)));
    }

    void lower(Map<String, String> recorded) {
        world.sessions().letFenceGo();
        try (Fence fence = fence()) {
            fence.lower(recorded);
        }
    }

    /** What moved since the fence was proven; empty when nothing did. */
    List<Problem> changes(StepContext context, Fence fence) throws InterruptedException {
        QuietProof atBarrier =
                QuietProof.fromMap(context.evidenceOf(id).orElse(Facts.NONE).under(QUIET).values());
        QuietProof now = fence.quiet(atBarrier.fencedAt(), new Stops(context));
        return atBarrier.changesUntil(now);
    }

    /** Whether any trigger of the fence is left in a database. */
    boolean triggersLeft(String database, String step) throws SQLException {
        try (Connection side = Pg.open(course.from(world, database, step))) {
            return Sql.first(
                            side,
                            """
                            SELECT 1 FROM pg_event_trigger WHERE evtname = ?
                            UNION ALL SELECT 1 FROM pg_trigger WHERE tgname = ? LIMIT 1
                            """,
                            Ours.FENCE_EVENT_TRIGGER,
                            Ours.FENCE_TRIGGER)
                    != null;
        }
    }
}
