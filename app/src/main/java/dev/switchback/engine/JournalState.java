package dev.switchback.engine;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The whole truth about a migration, as one document that is swapped as a whole.
 *
 * @param apiVersion {@link #API_VERSION}
 * @param migration {@code namespace/name}, so that a journal of another migration is recognised
 * @param uid random, given once; names of things we create come from it
 * @param runbook name of the runbook being run
 * @param epoch grows with every run that takes over; a write with an older epoch is refused
 * @param run the run that holds the epoch, or null when none is under way
 * @param attempt forward tries; a finished rollback closes one
 * @param status where the migration stands
 * @param steps in the order in which they were first begun
 * @param request what another process asked the holder to do, or null
 * @param audit who did what when; the oldest entries go first when it grows over {@link #MAX_AUDIT}
 * @param forwardRunbook name of the runbook whose commit point is passed while {@code runbook}
 *     names a way back, or null; a way back that is taken back gives the journal to it again
 * @param decisions what persons decided, from whatever process
 * @param tellings what was told outside, newest last; the oldest go first when it grows over {@link
 *     #MAX_TELLINGS}
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record JournalState(
        String apiVersion,
        String migration,
        String uid,
        String runbook,
        long epoch,
        @Nullable Holder run,
        int attempt,
        Status status,
        List<StepRecord> steps,
        @Nullable Request request,
        List<AuditEntry> audit,
        @Nullable String forwardRunbook,
        Decisions decisions,
        List<Told> tellings) {

    public static final String API_VERSION = "switchback.dev/journal-v1";
    public static final int MAX_AUDIT = 400;
    public static final int MAX_TELLINGS = 400;

    /** In the audit trail where a person wrote and no run did. */
    private static final String NO_RUN = "-";

    public JournalState {
        steps = steps == null ? List.of() : List.copyOf(steps);
        audit = audit == null ? List.of() : List.copyOf(audit);
        decisions = decisions == null ? Decisions.NONE : decisions;
        tellings = tellings == null ? List.of() : List.copyOf(tellings);
    }

    /** Without what versions before ways back and decisions knew nothing of. */
    public JournalState(
            String apiVersion,
            String migration,
            String uid,
            String runbook,
            long epoch,
            @Nullable Holder run,
            int attempt,
            Status status,
            List<StepRecord> steps,
            @Nullable Request request,
            List<AuditEntry> audit) {
        this(
                apiVersion,
                migration,
                uid,
                runbook,
                epoch,
                run,
                attempt,
                status,
                steps,
                request,
                audit,
                null,
                Decisions.NONE,
                List.of());
    }

    /** What there is to know before anything was begun; never written. */
    public static JournalState beforeTheFirstRun(String migration, String runbook) {
        return Draft.first(migration, "", runbook);
    }

    /** Where a migration stands. */
    public enum Status {
        NEW,
        /** Going forward, before the commit point. */
        RUNNING,
        /** Being put back; every run that comes finishes this first. */
        RELEASING,
        /** Put back: the source serves; a new attempt may begin. */
        RELEASED,
        /** Past the commit point: the target serves; steps may be left to do. */
        COMMITTED,
        COMPLETED,
        /** The way back after the commit point is under way. */
        RETURNING,
        /** A way back that is being taken back; every run that comes finishes this first. */
        STAYING,
        /** Past the commit point of a way back: the source serves; steps may be left to do. */
        RETURN_COMMITTED,
        RETURNED,
        /** Everything taken back, what was kept between attempts included. */
        ABORTED,
        /** The migration is past going back and being tidied up; it is only finished. */
        CLEANING,
        /** Tidied up: nothing of ours is left but this journal. */
        CLEANED
    }

    /** Who runs: for people who find the migration locked. */
    public record Holder(String runId, String who, String host, long pid, Instant since) {}

    /** A request by another process: {@code rollback} from a laptop asks the holder to stop. */
    public record Request(String kind, String who, Instant at) {}

    public enum StepState {
        /** About to act, or acted and not yet seen; the capture is durable. */
        INTENT,
        DONE,
        UNDONE,
        /** Undo failed; the next run takes it up again. */
        LEFTOVER
    }

    /**
     * @param found the effect was already there before we came, so undo leaves it
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record StepRecord(
            String id,
            StepState state,
            int attempt,
            boolean found,
            Facts captured,
            Facts evidence,
            Instant startedAt,
            @Nullable Instant finishedAt,
            @Nullable Double seconds) {
        public StepRecord {
            captured = captured == null ? Facts.NONE : captured;
            evidence = evidence == null ? Facts.NONE : evidence;
        }
    }

    /** One line of the audit trail. */
    public record AuditEntry(Instant at, String who, String runId, String what) {}

    /** The same with a request for the run that holds it. */
    public JournalState withRequest(Request asked) {
        return new Draft(this).request(asked).build();
    }

    /** The same, paused; a pause that is there already stays the first one's. */
    public JournalState pausedBy(String who, Instant at) {
        Decisions.Word word = decisions.paused().orElse(new Decisions.Word(who, at));
        return decided(decisions.withPause(word), who, at, "paused");
    }

    /** The same, no longer paused. */
    public JournalState resumedBy(String who, Instant at) {
        return decided(decisions.withPause(null), who, at, "pause lifted");
    }

    /** The same, its cutover approved in this attempt, or in the next when this one is closed. */
    public JournalState approvedBy(String who, Instant at) {
        int open = attemptToApprove();
        return decided(
                decisions.withApproval(new Decisions.Approval(who, at, open)),
                who,
                at,
                "cutover of attempt " + open + " approved");
    }

    private int attemptToApprove() {
        return switch (status) {
            case RELEASED, RELEASING, ABORTED, RETURNED -> attempt + 1;
            case NEW,
                    RUNNING,
                    COMMITTED,
                    COMPLETED,
                    RETURNING,
                    STAYING,
                    RETURN_COMMITTED,
                    CLEANING,
                    CLEANED ->
                    attempt;
        };
    }

    /** The same, the way back with data given up. */
    public JournalState rollbackClosedBy(String who, Instant at) {
        return decided(
                decisions.withRollbackClosed(new Decisions.Word(who, at)),
                who,
                at,
                "rollback window closed");
    }

    private JournalState decided(Decisions next, String who, Instant at, String what) {
        return new Draft(this).decisions(next).audit(new AuditEntry(at, who, NO_RUN, what)).build();
    }

    /** Whether this was told in this attempt. */
    public boolean told(String what) {
        return tellings.stream().anyMatch(t -> t.what().equals(what) && t.attempt() == attempt);
    }

    /** The same, with this told; a process that holds no run says it. */
    public JournalState withTold(Told told, String who) {
        return new Draft(this)
                .told(told)
                .audit(
                        new AuditEntry(
                                told.at(),
                                who,
                                NO_RUN,
                                "told: " + told.what() + ": " + told.result()))
                .build();
    }

    public Optional<StepRecord> step(String id) {
        return steps.stream().filter(s -> s.id().equals(id)).findFirst();
    }
}
