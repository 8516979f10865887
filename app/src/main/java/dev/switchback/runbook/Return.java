package dev.switchback.runbook;

import static dev.switchback.engine.Phase.CUTOVER;
import static dev.switchback.engine.Phase.SETTLE;

import dev.switchback.engine.Facts;
import dev.switchback.engine.JournalState;
import dev.switchback.engine.JournalState.StepRecord;
import dev.switchback.engine.Runbook;
import dev.switchback.steps.World;
import dev.switchback.steps.data.CopyLargeObjects;
import dev.switchback.steps.data.CopyUnlogged;
import dev.switchback.steps.data.RefreshMaterializedViews;
import dev.switchback.steps.endpoints.RestoreEndpoints;
import dev.switchback.steps.endpoints.SwitchEndpoints;
import dev.switchback.steps.fence.FenceGuard;
import dev.switchback.steps.fence.FenceSource;
import dev.switchback.steps.fence.FenceTarget;
import dev.switchback.steps.fence.LowerTargetFence;
import dev.switchback.steps.fence.OpenSource;
import dev.switchback.steps.fence.ProveQuiet;
import dev.switchback.steps.link.CommitReturn;
import dev.switchback.steps.link.DisableLink;
import dev.switchback.steps.link.DrainLink;
import dev.switchback.steps.link.DropReverseLink;
import dev.switchback.steps.proof.ValidateCut;
import dev.switchback.steps.roles.CloseTarget;
import dev.switchback.steps.sequences.CopySequences;
import dev.switchback.steps.writers.StartWriters;
import dev.switchback.steps.writers.StopWriters;

/**
 * The way back with everything that was written on the target: the cutover mirrored.
 *
 * <ol>
 *   <li>Writers stopped, target fenced; the reverse link drained and its marker seen on the source.
 *   <li>Sequences, and both sides compared; the target proven quiet since its fence. Until here,
 *       and whatever goes wrong, everything is taken back and the target goes on serving.
 *   <li>The commit point: one transaction on the source. Both sides are closed.
 *   <li>Endpoints back, the source's fence down, what no link carries, writers started.
 * </ol>
 */
public final class Return {
    public static final String NAME = "return-with-data";

    private Return() {}

    /**
     * @param forward the journal of the forward run: what it captured is what goes back
     */
    public static Runbook of(World world, JournalState forward) {
        return Runbook.named(NAME)
                .phase(
                        CUTOVER,
                        StopWriters.onTheWayBack(world),
                        new FenceTarget(world),
                        DrainLink.reverse(world),
                        CopySequences.back(world),
                        ValidateCut.back(world),
                        DisableLink.reverse(world),
                        ProveQuiet.ofTarget(world),
                        new CommitReturn(world),
                        new CloseTarget(world),
                        new RestoreEndpoints(
                                world, captured(forward, SwitchEndpoints.ID), forward.attempt()),
                        new OpenSource(world, captured(forward, FenceSource.ID)),
                        CopyLargeObjects.back(world),
                        CopyUnlogged.back(world),
                        RefreshMaterializedViews.back(world),
                        StartWriters.onTheWayBack(world))
                .phase(SETTLE, new DropReverseLink(world), new LowerTargetFence(world))
                .guard(FenceGuard.ofTarget(world, CommitReturn.ID))
                .returning()
                .commitAt(CommitReturn.ID)
                .build();
    }

    private static Facts captured(JournalState forward, String step) {
        return forward.step(step).map(StepRecord::captured).orElse(Facts.NONE);
    }
}
