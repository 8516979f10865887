package dev.switchback.runbook;

import dev.switchback.engine.Facts;
import dev.switchback.engine.JournalState;
import dev.switchback.engine.JournalState.StepRecord;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.steps.World;
import dev.switchback.steps.proof.WriteCounters;
import dev.switchback.steps.roles.OpenTarget;
import java.util.Locale;

/** What going back would cost now: free, at least N writes, or impossible – and why. */
public final class Rollbacks {
    private Rollbacks() {}

    /** The cost of going back. */
    public enum State {
        FREE,
        LOSES_WRITES,
        IMPOSSIBLE
    }

    /**
     * @param atLeast acknowledged row changes that would be lost, when they could be counted; -1
     *     otherwise
     */
    public record Verdict(State state, long atLeast, String reason) {
        public String word() {
            return state.name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public static Verdict verdict(World world, JournalState journal) {
        return switch (journal.status()) {
            case NEW, RELEASED, ABORTED -> new Verdict(State.FREE, 0, "nothing is switched");
            case RETURNED -> new Verdict(State.FREE, 0, "the source serves again");
            case RUNNING, RELEASING ->
                    new Verdict(
                            State.FREE,
                            0,
                            "before the commit point everything is put back and nothing is lost");
            case COMMITTED, COMPLETED, RETURNING -> afterCommit(world, journal);
        };
    }

    private static Verdict afterCommit(World world, JournalState journal) {
        Facts atOpen = journal.step(OpenTarget.ID).map(StepRecord::evidence).orElse(Facts.NONE);
        String since =
                journal.step(OpenTarget.ID)
                        .map(StepRecord::finishedAt)
                        .map(String::valueOf)
                        .orElse("the switch");
        try {
            long writes = WriteCounters.since(world, atOpen);
            return new Verdict(
                    State.LOSES_WRITES,
                    writes,
                    "no reverse link: the source lacks at least "
                            + writes
                            + " row changes made since "
                            + since);
        } catch (SwitchbackException e) {
            return new Verdict(
                    State.LOSES_WRITES,
                    -1,
                    "no reverse link: the source lacks every write since "
                            + since
                            + "; how many cannot be read: "
                            + e.problem().what());
        }
    }
}
