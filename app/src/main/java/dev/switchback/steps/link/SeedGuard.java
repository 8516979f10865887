package dev.switchback.steps.link;

import dev.switchback.engine.Guard;
import dev.switchback.engine.StepContext;
import dev.switchback.fault.Problem;
import dev.switchback.link.Link;
import dev.switchback.steps.World;
import java.time.Duration;
import java.util.Optional;

/** While rows are copied nobody reads the slots: the WAL they keep must not fill the volume. */
public final class SeedGuard implements Guard {
    private final World world;

    public SeedGuard(World world) {
        this.world = world;
    }

    @Override
    public String id() {
        return "disk-above-floor";
    }

    @Override
    public String from() {
        return CreateSlot.ID;
    }

    @Override
    public String until() {
        return Subscribe.ID;
    }

    @Override
    public Duration every() {
        return Duration.ofSeconds(5);
    }

    /** A leader is elected meanwhile. */
    @Override
    public Duration patience() {
        return LinkGuard.PATIENCE;
    }

    @Override
    public Optional<Problem> observe(StepContext context) throws Exception {
        DiskFloor floor = new DiskFloor(world);
        for (Link link : new Links(world, context.migrationUid(), id()).forward()) {
            Optional<Problem> full = floor.check(context, link, link.slot());
            if (full.isPresent()) {
                return full;
            }
        }
        return Optional.empty();
    }
}
