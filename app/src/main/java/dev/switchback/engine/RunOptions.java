package dev.switchback.engine;

import java.time.Duration;
import java.util.Optional;

/**
 * What one run is asked to do.
 *
 * @param migration {@code namespace/name}; a journal of another migration is refused
 * @param newUid the migration's uid if this run writes its first journal
 * @param runId unique per process, part of {@code application_name}
 * @param who the person or account, for the audit trail
 * @param until stop after this phase
 * @param deadlineOverride instead of {@link Step#deadline} for every step
 * @param poll how often effects are looked for
 */
public record RunOptions(
        String migration,
        String newUid,
        String runId,
        String who,
        Optional<Phase> until,
        Optional<Duration> deadlineOverride,
        Duration poll) {

    public static final Duration DEFAULT_POLL = Duration.ofMillis(200);

    /** Runs to the end with the steps' own deadlines. */
    public static RunOptions of(String migration, String newUid, String runId, String who) {
        return new RunOptions(
                migration, newUid, runId, who, Optional.empty(), Optional.empty(), DEFAULT_POLL);
    }

    public RunOptions withUntil(Phase phase) {
        return new RunOptions(
                migration, newUid, runId, who, Optional.of(phase), deadlineOverride, poll);
    }

    public RunOptions withDeadline(Duration deadline) {
        return new RunOptions(migration, newUid, runId, who, until, Optional.of(deadline), poll);
    }

    public RunOptions withPoll(Duration interval) {
        return new RunOptions(migration, newUid, runId, who, until, deadlineOverride, interval);
    }
}
