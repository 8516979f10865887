package dev.switchback.zalando;

import dev.switchback.pg.Lsn;
import java.util.Optional;

/**
 * Whether what a subscriber already has is a beginning of what the source's leader has now. A
 * publisher skips every commit below the position that the subscriber asks for, on whatever
 * timeline; one that is ahead of the point where the new timeline began would therefore lack the
 * rows that the new leader wrote below that position, while slot, lag and error counters look
 * perfect, and hold rows that the new leader never had (facts/patroni-lab.md §5 rules 2 and 3).
 *
 * @param why for people; names both positions
 */
public record Continuity(Verdict verdict, String why) {

    public enum Verdict {
        /** The stream can go on: move the connection to the new leader. */
        CONTINUOUS,
        /** It must not be resumed: seed again, or repair and prove the content. */
        DIVERGED
    }

    /**
     * @param before the leader that the subscriber followed
     * @param now the leader now, whose {@code history} this is
     * @param applied the end of the last commit that the subscriber has: {@code remote_lsn} of its
     *     origin, and while it has none yet, the position of the snapshot it was seeded from
     */
    public static Continuity of(Leader before, Leader now, TimelineHistory history, Lsn applied) {
        if (!before.systemIdentifier().equals(now.systemIdentifier())) {
            return diverged(
                    "the leader has system identifier "
                            + now.systemIdentifier()
                            + ", it was "
                            + before.systemIdentifier()
                            + ": this is another cluster, or one restored from a backup");
        }
        if (history.current() == before.timeline()) {
            return new Continuity(
                    Verdict.CONTINUOUS, "the source is still on timeline " + before.timeline());
        }
        Optional<Lsn> left = history.left(before.timeline());
        if (left.isEmpty()) {
            return diverged(
                    "timeline "
                            + history.current()
                            + " does not descend from timeline "
                            + before.timeline());
        }
        return of(applied, left.get());
    }

    /**
     * @param switchPoint where the timeline that the subscriber followed was left
     */
    public static Continuity of(Lsn applied, Lsn switchPoint) {
        if (applied.compareTo(switchPoint) <= 0) {
            return new Continuity(
                    Verdict.CONTINUOUS,
                    "what was applied ends at "
                            + applied
                            + ", not beyond "
                            + switchPoint
                            + " where the timeline was left");
        }
        return diverged(
                "what was applied ends at "
                        + applied
                        + ", beyond "
                        + switchPoint
                        + " where the timeline was left: the new leader lacks what came between, and"
                        + " as much of its own would be skipped");
    }

    public boolean continuous() {
        return verdict == Verdict.CONTINUOUS;
    }

    private static Continuity diverged(String why) {
        return new Continuity(Verdict.DIVERGED, why);
    }
}
