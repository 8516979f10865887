package dev.switchback.runbook;

import static dev.switchback.engine.Phase.CHECK;
import static dev.switchback.engine.Phase.CLEANUP;

import dev.switchback.engine.Facts;
import dev.switchback.engine.JournalState;
import dev.switchback.engine.JournalState.StepRecord;
import dev.switchback.engine.Runbook;
import dev.switchback.settle.WatchRecord;
import dev.switchback.settle.WatchStore;
import dev.switchback.steps.World;
import dev.switchback.steps.backup.TakeBackup;
import dev.switchback.steps.cleanup.CheckCleanupRights;
import dev.switchback.steps.cleanup.CheckDeletion;
import dev.switchback.steps.cleanup.CheckFinalValidation;
import dev.switchback.steps.cleanup.CheckFinished;
import dev.switchback.steps.cleanup.CheckLastBackup;
import dev.switchback.steps.cleanup.CheckSourceIdle;
import dev.switchback.steps.cleanup.CheckStable;
import dev.switchback.steps.cleanup.ClearTarget;
import dev.switchback.steps.cleanup.CloseSource;
import dev.switchback.steps.cleanup.CloseTargetSuperuser;
import dev.switchback.steps.cleanup.DeleteSource;
import dev.switchback.steps.cleanup.DropLinks;
import dev.switchback.steps.cleanup.LowerSourceFence;
import dev.switchback.steps.cleanup.RemoveKept;
import dev.switchback.steps.cleanup.RestoreIdentities;
import dev.switchback.steps.cleanup.Stability;
import dev.switchback.steps.roles.OpenTarget;
import dev.switchback.steps.slots.RestoreWalLevel;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The guide's phase 5: what we left is taken away, once nobody needs the way back.
 *
 * <ol>
 *   <li>Refusals. Whatever fails here, and the last backup, leaves the migration as it was.
 *   <li>The links go, and with them the way back; from here on it is only finished.
 *   <li>The source: closed to applications first, then without our fence, then as it was found.
 *   <li>The target: without our bookkeeping. What we kept in the cluster but the journal.
 *   <li>If asked for: the source itself. Last, superuser access of the target, which all of it
 *       needed.
 * </ol>
 */
public final class Cleanup {
    public static final String NAME = "cleanup";

    private Cleanup() {}

    /**
     * @param forward the journal: what the migration captured is what goes back
     * @param deletesSource whether the source's object is deleted
     */
    public static Runbook of(World world, JournalState forward, boolean deletesSource) {
        Runbook.Builder book =
                Runbook.named(NAME)
                        .phase(
                                CHECK,
                                new CheckFinished(world, forward),
                                new CheckStable(world, () -> stability(world, forward)),
                                new CheckSourceIdle(world),
                                new CheckFinalValidation(
                                        world,
                                        () -> Validations.run(world, forward, false).validated()),
                                new CheckLastBackup(world),
                                new CheckCleanupRights(world, deletesSource));
        if (deletesSource) {
            book.phase(CHECK, new CheckDeletion(world));
        }
        book.phase(
                CLEANUP,
                TakeBackup.atCleanup(world),
                new DropLinks(world),
                new CloseSource(world),
                new LowerSourceFence(world, captured(forward, "fence-source")),
                new RestoreIdentities(world, ours(forward, "set-replica-identity")));
        if (!deletesSource) {
            // it restarts the source: for nothing when it goes
            book.phase(CLEANUP, new RestoreWalLevel(world, ours(forward, "enable-logical-wal")));
        }
        book.phase(CLEANUP, new ClearTarget(world), new RemoveKept(world));
        if (deletesSource) {
            book.phase(CLEANUP, new DeleteSource(world));
        }
        return book.phase(
                        CLEANUP,
                        new CloseTargetSuperuser(world, ours(forward, "enable-target-superuser")))
                .finishingFrom(DropLinks.ID)
                .build();
    }

    private static Stability stability(World world, JournalState journal) {
        Instant opened = journal.step(OpenTarget.ID).map(StepRecord::finishedAt).orElse(null);
        return new WatchStore(world.kube(), world.migration().namespace(), world.migration().name())
                .read(journal.uid(), opened)
                .map(r ->
                        new Stability(
                                r.stableSince(),
                                Optional.ofNullable(r.lastLook()),
                                r.watched(),
                                // one that only reminds ends no stable stretch
                                r.stableSince().isPresent()
                                        ? List.of()
                                        : r.firing().stream()
                                                .map(WatchRecord.AlertState::alert)
                                                .toList(),
                                r.backupProven()))
                .orElse(Stability.UNKNOWN);
    }

    private static Facts captured(JournalState forward, String step) {
        return forward.step(step).map(StepRecord::captured).orElse(Facts.NONE);
    }

    /** Nothing where the effect was there before we came. */
    private static Facts ours(JournalState forward, String step) {
        return forward.step(step)
                .filter(r -> !r.found())
                .map(StepRecord::captured)
                .orElse(Facts.NONE);
    }
}
