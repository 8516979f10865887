package dev.switchback.runbook;

import static dev.switchback.engine.Phase.CUTOVER;

import dev.switchback.engine.Facts;
import dev.switchback.engine.JournalState;
import dev.switchback.engine.JournalState.StepRecord;
import dev.switchback.engine.Runbook;
import dev.switchback.steps.World;
import dev.switchback.steps.endpoints.RestoreEndpoints;
import dev.switchback.steps.endpoints.SwitchEndpoints;
import dev.switchback.steps.fence.FenceSource;
import dev.switchback.steps.fence.OpenSource;
import dev.switchback.steps.roles.CloseTarget;
import dev.switchback.steps.writers.StartWriters;
import dev.switchback.steps.writers.StopWriters;

/**
 * The way back after the commit point. Without a reverse link what was written on the target stays
 * there: it is run only when that loss was accepted by name.
 */
public final class WayBack {
    public static final String NAME = "return";

    private WayBack() {}

    /**
     * @param forward the journal of the forward run: what it captured is what goes back
     */
    public static Runbook of(World world, JournalState forward) {
        return Runbook.named(NAME)
                .phase(
                        CUTOVER,
                        StopWriters.onTheWayBack(world),
                        new CloseTarget(world),
                        new RestoreEndpoints(
                                world, captured(forward, SwitchEndpoints.ID), forward.attempt()),
                        new OpenSource(world, captured(forward, FenceSource.ID)),
                        StartWriters.onTheWayBack(world))
                .returning()
                .build();
    }

    private static Facts captured(JournalState forward, String step) {
        return forward.step(step).map(StepRecord::captured).orElse(Facts.NONE);
    }
}
