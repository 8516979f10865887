package dev.switchback.steps.fence;

import dev.switchback.engine.StepContext;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.fence.Fence;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.steps.Course;
import dev.switchback.steps.Stops;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Lets {@code pg_dump} read large objects behind the fence.
 *
 * <ol>
 *   <li>A database without large objects: nothing is loosened.
 *   <li>The fence lets them be read; none can be made or removed.
 *   <li>The work is done.
 *   <li>The fence refuses again, whether the work went well or not. Every transaction that wrote to
 *       one has ended then.
 *   <li>All counters are what they were at the barrier, or what the work read is not relied upon.
 * </ol>
 */
public final class LargeObjectReading {
    private final World world;

    public LargeObjectReading(World world) {
        this.world = world;
    }

    /**
     * @throws SwitchbackException SOURCE_NOT_QUIET when something moved meanwhile
     */
    public <T> T during(StepContext context, String database, Callable<T> work) throws Exception {
        if (!hasLargeObjects(database)) {
            return work.call();
        }
        Fence fence =
                world.sessions()
                        .fence()
                        .orElseThrow(() -> new IllegalStateException("the fence is not held"));
        fence.letLargeObjectsBeRead(database);
        T result;
        try {
            result = work.call();
        } catch (Exception e) {
            refuseAfter(e, fence, database, context);
            throw e;
        }
        fence.refuseLargeObjects(database, new Stops(context));
        List<Problem> changes =
                new FenceWork(world, Course.FORTH, FenceSource.ID).changes(context, fence);
        if (!changes.isEmpty()) {
            throw new SwitchbackException(changes);
        }
        context.note(database + ": no large object changed while they could be read");
        return result;
    }

    private static void refuseAfter(
            Exception failure, Fence fence, String database, StepContext context) {
        try {
            fence.refuseLargeObjects(database, new Stops(context));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure.addSuppressed(e);
        } catch (SwitchbackException e) {
            // the run is released, and until then the guard tells that the lock is missing
            failure.addSuppressed(e);
        }
    }

    private boolean hasLargeObjects(String database) throws SQLException {
        try (Connection source = Pg.open(world.source(database, FenceSource.ID))) {
            return Sql.first(source, "SELECT 1 FROM pg_largeobject_metadata LIMIT 1") != null;
        }
    }
}
