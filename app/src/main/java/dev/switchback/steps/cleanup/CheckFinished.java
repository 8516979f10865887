package dev.switchback.steps.cleanup;

import dev.switchback.engine.JournalState;
import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.steps.Chapter;
import dev.switchback.steps.Check;
import dev.switchback.steps.Findings;
import dev.switchback.steps.World;
import java.time.Instant;

/** The migration came to its end and nobody wants to go back: its rollback window is over. */
public final class CheckFinished extends Check {
    private final JournalState journal;

    public CheckFinished(World world, JournalState journal) {
        super(
                world,
                Chapter.CLEANUP,
                "check-finished",
                "The migration is completed and its rollback window over");
        this.journal = journal;
    }

    @Override
    protected void look(StepContext context, Findings findings) {
        if (journal.decisions().paused().isPresent()) {
            findings.fail(
                    new Problem(
                            Code.PAUSED,
                            world.migration().display(),
                            "is paused by " + journal.decisions().paused().get().who(),
                            "go on with: switchback resume"));
        }
        Instant opened =
                journal.step("open-target").map(JournalState.StepRecord::finishedAt).orElse(null);
        if (journal.status() != JournalState.Status.COMPLETED || opened == null) {
            findings.fail(
                    new Problem(
                            Code.NOT_NOW,
                            world.migration().display(),
                            "is " + journal.status().name().toLowerCase(java.util.Locale.ROOT),
                            "finish it first: switchback status says how"));
            return;
        }
        findings.saw("openedAt", opened.toString());
        Instant ends = opened.plus(world.migration().rollback().window());
        if (journal.decisions().closed().isPresent()) {
            findings.saw("rollbackWindow", "closed at " + journal.decisions().closed().get().at());
        } else if (world.clock().instant().isBefore(ends)) {
            findings.block(
                    new Problem(
                            Code.ROLLBACK_OPEN,
                            world.migration().display(),
                            "the rollback window is open until " + ends,
                            "wait for it, or give the way back up: switchback close-rollback",
                            "after the cleanup no way back carries what was written on the target"));
        } else {
            findings.saw("rollbackWindow", "over since " + ends + "; cleanup closes it");
        }
    }
}
