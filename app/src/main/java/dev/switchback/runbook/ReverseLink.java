package dev.switchback.runbook;

import dev.switchback.engine.Facts;
import dev.switchback.engine.JournalState;
import dev.switchback.engine.JournalState.StepRecord;
import dev.switchback.engine.JournalState.StepState;
import dev.switchback.steps.World;
import java.util.Locale;

/**
 * How the link stands that carries writes made on the target back to the source. While it streams a
 * way back loses nothing.
 */
public final class ReverseLink {
    /** The forward run's step that makes it; its evidence says what came of that. */
    static final String MADE_BY = "create-reverse-link";

    private ReverseLink() {}

    /** What a look shows. */
    public enum State {
        STREAMING,
        /** None was made, or it was dropped on purpose. */
        NONE,
        /** It was made and does not carry every write any more: cannot be mended by waiting. */
        BROKEN;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * @param reason for people; says why when it does not stream
     */
    public record Standing(State state, String reason) {}

    /** By what the forward run left in the journal. */
    public static Standing standing(World world, JournalState journal) {
        Facts evidence =
                journal.step(MADE_BY)
                        .filter(r -> r.state() == StepState.DONE)
                        .filter(r -> r.attempt() == journal.attempt())
                        .map(StepRecord::evidence)
                        .orElse(Facts.NONE);
        String made = evidence.get("reverse").orElse("");
        String why = evidence.get("reason").filter(r -> !r.isBlank()).orElse("");
        if (made.equals("streaming")) {
            return new Standing(
                    State.STREAMING,
                    "the reverse link carries every write made on the target back to the source");
        }
        return new Standing(
                State.NONE, why.isEmpty() ? "no reverse link" : "no reverse link: " + why);
    }
}
