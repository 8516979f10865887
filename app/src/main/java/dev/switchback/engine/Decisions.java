package dev.switchback.engine;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What persons decided about a migration, from whatever process; kept in the journal, so that a
 * holder hears of it and a successor knows it.
 *
 * @param pause who wants no forward run to go on, or null
 * @param approval who approved the cutover, or null
 * @param rollbackClosed who gave up the way back with data, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Decisions(
        @Nullable Word pause, @Nullable Approval approval, @Nullable Word rollbackClosed) {

    public static final Decisions NONE = new Decisions(null, null, null);

    /** A person's word. */
    public record Word(String who, Instant at) {}

    /**
     * A person's approval of one cutover.
     *
     * @param attempt the attempt it is good for; a later one needs its own
     */
    public record Approval(String who, Instant at, int attempt) {}

    public Optional<Word> paused() {
        return Optional.ofNullable(pause);
    }

    /** The approval when it is good for this attempt. */
    public Optional<Approval> approved(int attempt) {
        return Optional.ofNullable(approval).filter(a -> a.attempt() == attempt);
    }

    public Optional<Word> closed() {
        return Optional.ofNullable(rollbackClosed);
    }

    Decisions withPause(@Nullable Word word) {
        return new Decisions(word, approval, rollbackClosed);
    }

    Decisions withApproval(Approval word) {
        return new Decisions(pause, word, rollbackClosed);
    }

    Decisions withRollbackClosed(Word word) {
        return new Decisions(pause, approval, word);
    }

    /** What still holds when the next attempt opens: a closed rollback belonged to the last one. */
    Decisions ofNextAttempt() {
        return new Decisions(pause, approval, null);
    }
}
