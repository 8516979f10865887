package dev.switchback.runbook;

import dev.switchback.engine.Decisions;
import dev.switchback.engine.Facts;
import dev.switchback.engine.JournalState;
import dev.switchback.engine.JournalState.StepRecord;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.steps.World;
import dev.switchback.steps.proof.WriteCounters;
import dev.switchback.steps.roles.OpenTarget;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What going back would cost now: nothing, nothing but time, writes – and why. */
public final class Rollbacks {
    private Rollbacks() {}

    /** The cost of going back. */
    public enum State {
        /** The source serves, or nothing was written anywhere else. */
        FREE("free", "free"),
        /** The target serves, and the source gets what is written there. */
        WITH_DATA("withData", "with data"),
        LOSES_WRITES("loses-writes", "loses writes"),
        /** There is no source to go back to. */
        IMPOSSIBLE("impossible", "impossible");

        private final String word;
        private final String words;

        State(String word, String words) {
            this.word = word;
            this.words = words;
        }
    }

    /**
     * @param atLeast acknowledged row changes that would be lost, when they could be counted; -1
     *     otherwise
     * @param since when it became so; null when the journal does not say
     * @param windowEnds when the way back with data ended or is meant to end; null when there is
     *     none
     */
    public record Verdict(
            State state,
            long atLeast,
            String reason,
            @Nullable Instant since,
            @Nullable Instant windowEnds) {
        /** As scripts read it. */
        public String word() {
            return state.word;
        }

        /** As people read it. */
        public String words() {
            return state == State.LOSES_WRITES && atLeast >= 0
                    ? "loses at least " + atLeast + " writes"
                    : state.words;
        }
    }

    public static Verdict verdict(World world, JournalState journal) {
        return verdict(world, journal, ReverseLink.standing(world, journal));
    }

    /**
     * @param link as it was seen just now
     */
    public static Verdict verdict(World world, JournalState journal, ReverseLink.Standing link) {
        return switch (journal.status()) {
            case NEW, RELEASED, ABORTED -> free("nothing is switched", null);
            case RETURNED, RETURN_COMMITTED ->
                    free("the source serves again", finished(journal, "open-source"));
            case RUNNING, RELEASING ->
                    free(
                            "before the commit point everything is put back and nothing is lost",
                            null);
            case RETURNING, STAYING -> underWay(world, journal, link);
            case CLEANING, CLEANED -> cleaned(journal);
            case COMMITTED, COMPLETED -> afterCommit(world, journal, link);
        };
    }

    private static Verdict cleaned(JournalState journal) {
        return new Verdict(
                State.IMPOSSIBLE,
                -1,
                journal.status() == JournalState.Status.CLEANED
                        ? "the migration was cleaned up: nothing leads back to the source"
                        : "the migration is being cleaned up: its way back is given up",
                null,
                null);
    }

    private static Verdict free(String why, @Nullable Instant since) {
        return new Verdict(State.FREE, 0, why, since, null);
    }

    /** A way back takes its link away itself, so that the link is not asked. */
    private static Verdict underWay(World world, JournalState journal, ReverseLink.Standing link) {
        if (journal.runbook().equals(WayBack.NAME)) {
            return afterCommit(world, journal, link);
        }
        return new Verdict(
                State.WITH_DATA,
                0,
                "the way back with data is under way",
                finished(journal, OpenTarget.ID),
                windowEnds(world, journal));
    }

    private static Verdict afterCommit(
            World world, JournalState journal, ReverseLink.Standing link) {
        Optional<Decisions.Word> closed = journal.decisions().closed();
        if (closed.isPresent()) {
            Instant at = closed.get().at();
            String who = "the rollback window was closed by " + closed.get().who() + " at " + at;
            return losing(world, journal, who, at, at);
        }
        Instant opened = finished(journal, OpenTarget.ID);
        if (link.state() == ReverseLink.State.STREAMING) {
            return withData(world, journal, link, opened);
        }
        return gone(world)
                ? impossible(world)
                : losing(world, journal, link.reason(), opened, null);
    }

    /** An API that does not answer says nothing about it; what is asked next will say so. */
    private static boolean gone(World world) {
        try {
            return !world.source().exists();
        } catch (SwitchbackException e) {
            return false;
        }
    }

    private static Verdict impossible(World world) {
        return new Verdict(
                State.IMPOSSIBLE,
                -1,
                "there is no " + world.source().display() + " any more",
                null,
                null);
    }

    private static Verdict withData(
            World world,
            JournalState journal,
            ReverseLink.Standing link,
            @Nullable Instant opened) {
        Instant ends = windowEnds(world, journal);
        boolean over = ends != null && world.clock().instant().isAfter(ends);
        return new Verdict(
                State.WITH_DATA,
                0,
                link.reason()
                        + (over
                                ? "; its window is over since "
                                        + ends
                                        + ": end it with 'switchback close-rollback'"
                                : ""),
                opened,
                ends);
    }

    private static Verdict losing(
            World world,
            JournalState journal,
            String why,
            @Nullable Instant since,
            @Nullable Instant windowEnds) {
        Facts atOpen = journal.step(OpenTarget.ID).map(StepRecord::evidence).orElse(Facts.NONE);
        Instant opened = finished(journal, OpenTarget.ID);
        String from = opened == null ? "the switch" : opened.toString();
        try {
            long writes = WriteCounters.since(world, atOpen);
            return new Verdict(
                    State.LOSES_WRITES,
                    writes,
                    why
                            + ": the source lacks at least "
                            + writes
                            + " row changes made since "
                            + from,
                    since,
                    windowEnds);
        } catch (SwitchbackException e) {
            return new Verdict(
                    State.LOSES_WRITES,
                    -1,
                    why
                            + ": the source lacks every write since "
                            + from
                            + "; how many cannot be read: "
                            + e.problem().what(),
                    since,
                    windowEnds);
        }
    }

    private static @Nullable Instant windowEnds(World world, JournalState journal) {
        Instant opened = finished(journal, OpenTarget.ID);
        Duration window = world.migration().rollback().window();
        return opened == null ? null : opened.plus(window);
    }

    private static @Nullable Instant finished(JournalState journal, String step) {
        return journal.step(step).map(StepRecord::finishedAt).orElse(null);
    }
}
