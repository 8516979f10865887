package dev.switchback.steps.slots;

import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.time.Duration;

/**
 * Once nothing follows the source any more: its {@code wal_level} as {@link EnableLogicalWal} found
 * it.
 */
public final class RestoreWalLevel implements Step {
    private static final String ID = "restore-wal-level";

    private final World world;
    private final Facts captured;

    /**
     * @param captured by {@link EnableLogicalWal}; nothing when it changed nothing
     */
    public RestoreWalLevel(World world, Facts captured) {
        this.world = world;
        this.captured = captured;
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String title() {
        return "Put the source's wal_level back, which restarts it";
    }

    @Override
    public Duration deadline() {
        return Duration.ofMinutes(10);
    }

    @Override
    public Observation observe(StepContext context) throws Exception {
        try (Connection leader = Pg.open(world.source("postgres", ID))) {
            String served = Sql.one(leader, "SHOW wal_level");
            return world.source()
                    .enableLogical()
                    .notBack(captured.values(), served)
                    .map(Observation::todo)
                    .orElseGet(() -> Observation.done("walLevel", served));
        }
    }

    @Override
    public void apply(StepContext context) throws Exception {
        new WalLevel(world, ID).goBack(context, captured);
    }
}
