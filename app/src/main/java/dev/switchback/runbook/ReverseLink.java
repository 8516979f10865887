package dev.switchback.runbook;

import dev.switchback.engine.Facts;
import dev.switchback.engine.JournalState;
import dev.switchback.engine.JournalState.StepRecord;
import dev.switchback.engine.JournalState.StepState;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.steps.World;
import dev.switchback.steps.link.CreateReverseLink;
import dev.switchback.steps.link.DropReverseLink;
import dev.switchback.steps.link.ReverseHealth;
import java.util.Locale;
import java.util.Optional;

/**
 * How the link stands that carries writes made on the target back to the source. While it streams a
 * way back loses nothing.
 */
public final class ReverseLink {
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

    /** Whether a link that was made still carries everything; why not, if not. */
    @FunctionalInterface
    interface Look {
        Optional<String> broken(World world, JournalState journal, Facts made);
    }

    /** A fresh look at both servers. */
    static final Look LIVE =
            (world, journal, made) -> {
                try {
                    return new ReverseHealth(world).broken(journal.uid(), made);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return Optional.of("cannot be read: interrupted");
                }
            };

    /**
     * Takes it away for good; what is gone is fine.
     *
     * @throws SwitchbackException with the server's words
     */
    public static void giveUp(World world, JournalState journal) {
        try {
            DropReverseLink.now(world, journal.uid());
        } catch (SwitchbackException e) {
            throw e;
        } catch (Exception e) {
            throw new SwitchbackException(
                    Code.LINK_BROKEN,
                    world.migration().display(),
                    "the way back is given up, and the reverse link could not be taken away: "
                            + e.getMessage(),
                    "run it again: switchback close-rollback");
        }
    }

    public static Standing standing(World world, JournalState journal) {
        return standing(world, journal, LIVE);
    }

    static Standing standing(World world, JournalState journal, Look look) {
        switch (journal.status()) {
            case COMMITTED, COMPLETED -> {}
            case RETURNING, STAYING -> {
                return new Standing(State.STREAMING, "the way back uses it now");
            }
            case RETURNED, RETURN_COMMITTED -> {
                return new Standing(State.NONE, "it was taken away: the source serves again");
            }
            case CLEANING, CLEANED -> {
                return new Standing(State.NONE, "it was given up: the migration is cleaned up");
            }
            case NEW, RUNNING, RELEASING, RELEASED, ABORTED -> {
                return new Standing(State.NONE, "the target does not serve");
            }
        }
        Facts evidence =
                journal.step(CreateReverseLink.ID)
                        .filter(r -> r.state() == StepState.DONE)
                        .filter(r -> r.attempt() == journal.attempt())
                        .map(StepRecord::evidence)
                        .orElse(Facts.NONE);
        if (!evidence.get(CreateReverseLink.REVERSE)
                .filter(CreateReverseLink.STREAMING::equals)
                .isPresent()) {
            String why = evidence.get("reason").filter(r -> !r.isBlank()).orElse("");
            return new Standing(
                    State.NONE, why.isEmpty() ? "no reverse link" : "no reverse link: " + why);
        }
        return look.broken(world, journal, evidence)
                .map(why -> new Standing(State.BROKEN, "the reverse link is broken: " + why))
                .orElseGet(() ->
                        new Standing(
                                State.STREAMING,
                                "the reverse link carries every write made on the target back to the source"));
    }
}
