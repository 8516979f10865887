package dev.switchback.engine;

import java.time.Duration;

/**
 * How patient the engine is; tests are less so.
 *
 * @param journalPatience how long a journal that cannot be read or written is tried again
 * @param stopGrace how long stopped work may take to end before it counts as hung
 * @param undoLimit how long one undo may take
 * @param undoTries how often an undo is tried
 * @param undoBackoff pause after the first failed undo, growing by itself with each
 * @param commitPatience how long an unreadable commit point is looked at again
 * @param requestPoll how often the journal is read for requests and for a lost epoch
 * @param lockPoll how often the lock is looked at
 */
record Timing(
        Duration journalPatience,
        Duration stopGrace,
        Duration undoLimit,
        int undoTries,
        Duration undoBackoff,
        Duration commitPatience,
        Duration requestPoll,
        Duration lockPoll) {

    static final Timing DEFAULT =
            new Timing(
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(15),
                    Duration.ofMinutes(10),
                    4,
                    Duration.ofMillis(500),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(1),
                    Duration.ofMillis(200));
}
