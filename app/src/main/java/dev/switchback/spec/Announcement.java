package dev.switchback.spec;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What is announced (docs/tell.md), in the guide's order. */
public enum Announcement {
    DAY_BEFORE("t-24h", Duration.ofHours(24)),
    HOUR_BEFORE("t-1h", Duration.ofHours(1)),
    BEGIN("t-0"),
    PROGRESS("progress"),
    COMPLETION("completion"),
    DAY_AFTER("t+24h"),
    ABORT("abort"),
    ABORT_END("abort-end"),
    ROLLBACK("rollback"),
    ROLLBACK_END("rollback-end");

    private final String word;
    private final Optional<Duration> ahead;

    Announcement(String word) {
        this.word = word;
        this.ahead = Optional.empty();
    }

    Announcement(String word, Duration ahead) {
        this.word = word;
        this.ahead = Optional.of(ahead);
    }

    /** As the document writes it. */
    public String word() {
        return word;
    }

    /** How long before the cutover it is due, for those that are. */
    public Optional<Duration> ahead() {
        return ahead;
    }

    /** Whether a failure of it can keep a cutover from beginning. */
    public boolean canBlock() {
        return ahead.isPresent() || this == BEGIN;
    }

    public static Optional<Announcement> of(String word) {
        return Arrays.stream(values()).filter(m -> m.word.equals(word)).findFirst();
    }

    public static List<String> words() {
        return Arrays.stream(values()).map(Announcement::word).toList();
    }
}
