package dev.switchback.engine;

import dev.switchback.engine.JournalState.AuditEntry;
import dev.switchback.engine.JournalState.Holder;
import dev.switchback.engine.JournalState.Request;
import dev.switchback.engine.JournalState.Status;
import dev.switchback.engine.JournalState.StepRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A journal state being written. Every change may be applied twice with the same result, because a
 * write whose answer was lost is written again.
 */
final class Draft {
    private final JournalState base;
    private final List<StepRecord> steps;
    private final List<AuditEntry> audit;
    private String runbook;
    private long epoch;
    private @Nullable Holder run;
    private int attempt;
    private Status status;
    private @Nullable Request request;
    private @Nullable String forwardRunbook;
    private Decisions decisions;
    private final List<Told> tellings;

    Draft(JournalState base) {
        this.base = base;
        this.steps = new ArrayList<>(base.steps());
        this.audit = new ArrayList<>(base.audit());
        this.runbook = base.runbook();
        this.epoch = base.epoch();
        this.run = base.run();
        this.attempt = base.attempt();
        this.status = base.status();
        this.request = base.request();
        this.forwardRunbook = base.forwardRunbook();
        this.decisions = base.decisions();
        this.tellings = new ArrayList<>(base.tellings());
    }

    static JournalState first(String migration, String uid, String runbook) {
        return new JournalState(
                JournalState.API_VERSION,
                migration,
                uid,
                runbook,
                0,
                null,
                1,
                Status.NEW,
                List.of(),
                null,
                List.of());
    }

    /** The state before the change. */
    JournalState base() {
        return base;
    }

    /**
     * This runbook goes on; of a way back, and of tidying up, the journal also keeps what it
     * follows.
     */
    Draft runbook(Runbook next) {
        String name = next.name();
        if (!next.returning() && !next.finishing()) {
            forwardRunbook = null;
        } else if (!name.equals(runbook)) {
            forwardRunbook = forwardRunbook == null ? runbook : forwardRunbook;
        }
        runbook = name;
        return this;
    }

    /** A way back was taken back: the journal is the forward runbook's again. */
    Draft forwardAgain() {
        if (forwardRunbook != null) {
            runbook = forwardRunbook;
            forwardRunbook = null;
        }
        return this;
    }

    Draft decisions(Decisions next) {
        decisions = next;
        return this;
    }

    Draft epoch(long number) {
        epoch = number;
        return this;
    }

    Draft run(@Nullable Holder holder) {
        run = holder;
        return this;
    }

    Draft attempt(int number) {
        attempt = number;
        return this;
    }

    Draft status(Status next) {
        status = next;
        return this;
    }

    Draft request(@Nullable Request asked) {
        request = asked;
        return this;
    }

    /** In the place of the record of the same step, or at the end. */
    Draft put(StepRecord record) {
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i).id().equals(record.id())) {
                steps.set(i, record);
                return this;
            }
        }
        steps.add(record);
        return this;
    }

    Draft drop(Predicate<StepRecord> unwanted) {
        steps.removeIf(unwanted);
        return this;
    }

    Draft audit(AuditEntry entry) {
        if (!audit.contains(entry)) {
            audit.add(entry);
        }
        return this;
    }

    Draft told(Told telling) {
        if (!tellings.contains(telling)) {
            tellings.add(telling);
        }
        return this;
    }

    /** What happens again is told again. */
    Draft forgetTold(Predicate<Told> past) {
        tellings.removeIf(past);
        return this;
    }

    JournalState build() {
        int old = Math.max(0, tellings.size() - JournalState.MAX_TELLINGS);
        int surplus = Math.max(0, audit.size() - JournalState.MAX_AUDIT);
        return new JournalState(
                base.apiVersion(),
                base.migration(),
                base.uid(),
                runbook,
                epoch,
                run,
                attempt,
                status,
                steps,
                request,
                audit.subList(surplus, audit.size()),
                forwardRunbook,
                decisions,
                tellings.subList(old, tellings.size()));
    }
}
