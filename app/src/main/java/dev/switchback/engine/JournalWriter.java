package dev.switchback.engine;

import dev.switchback.engine.Journal.Conflict;
import dev.switchback.engine.Journal.Stored;
import dev.switchback.engine.JournalState.AuditEntry;
import dev.switchback.engine.JournalState.Holder;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The only place that writes the journal.
 *
 * <ol>
 *   <li>{@link #claim} raises the epoch by one.
 *   <li>{@link #update} swaps; when somebody wrote in between and the epoch is still ours (a
 *       request was added) the change is made again on the fresh state.
 *   <li>Another epoch, or a journal that is gone, is final: {@link #lost} and EPOCH_LOST.
 *   <li>A store that fails is tried again for a while; whether the failed write arrived does not
 *       matter, because changes may be made twice.
 *   <li>An {@link Error} from the store is final too: {@link WriterThread}.
 * </ol>
 */
final class JournalWriter implements AutoCloseable {
    private final Journal journal;
    private final RunOptions options;
    private final InstantSource clock;
    private final Timing timing;
    private final WriterThread thread = new WriterThread();
    private volatile @Nullable Stored known;
    private volatile @Nullable Problem lost;
    private volatile long epoch;

    JournalWriter(Journal journal, RunOptions options, InstantSource clock, Timing timing) {
        this.journal = journal;
        this.options = options;
        this.clock = clock;
        this.timing = timing;
    }

    /** Takes the journal over, or writes the first one. */
    JournalState claim(Holder holder, Runbook runbook) {
        return thread.call(() -> {
            Optional<Stored> found = patiently(journal::read);
            long mine = found.map(s -> s.state().epoch()).orElse(0L) + 1;
            AuditEntry entry = entry("run takes over, epoch " + mine);
            return patiently(() -> claimOnce(holder, runbook, mine, entry));
        });
    }

    private JournalState claimOnce(Holder holder, Runbook runbook, long mine, AuditEntry entry) {
        Optional<Stored> found = journal.read();
        JournalState base =
                found.map(Stored::state)
                        .orElseGet(() ->
                                Draft.first(options.migration(), options.newUid(), runbook.name()));
        Holder before = base.run();
        boolean arrived =
                base.epoch() == mine && before != null && before.runId().equals(holder.runId());
        if (!arrived) {
            JournalState next =
                    new Draft(base).runbook(runbook).epoch(mine).run(holder).audit(entry).build();
            try {
                if (base.epoch() != mine - 1) {
                    throw new Conflict("epoch is " + base.epoch());
                }
                found = Optional.of(journal.swap(found.map(Stored::version).orElse(""), next));
            } catch (Conflict e) {
                throw new SwitchbackException(
                        new Problem(
                                Code.LOCKED,
                                options.migration(),
                                "another process wrote the journal while this run took it over",
                                "see who runs it with: switchback status"),
                        e);
            }
        }
        epoch = mine;
        known = found.orElseThrow();
        return state();
    }

    /** The newest state we know of. */
    JournalState state() {
        Stored stored = known;
        if (stored == null) {
            throw new IllegalStateException("the journal is not claimed");
        }
        return stored.state();
    }

    /** A change without an entry in the audit trail. */
    JournalState update(Consumer<Draft> change) {
        return thread.call(() -> patiently(() -> swap(change)));
    }

    /**
     * @param what for the audit trail
     */
    JournalState update(String what, Consumer<Draft> change) {
        AuditEntry entry = entry(what);
        return update(change.andThen(draft -> draft.audit(entry)));
    }

    /** Reads what others may have written. */
    JournalState refresh() {
        return thread.call(() -> {
            reread();
            return state();
        });
    }

    /** The problem when the journal is no longer ours. */
    Optional<Problem> lost() {
        return Optional.ofNullable(lost);
    }

    boolean usable() {
        return lost == null && thread.usable() && known != null;
    }

    @Override
    public void close() {
        thread.close();
    }

    private JournalState swap(Consumer<Draft> change) {
        while (true) {
            Draft draft = new Draft(state());
            change.accept(draft);
            try {
                Stored base = known;
                known = journal.swap(base == null ? "" : base.version(), draft.build());
                return state();
            } catch (Conflict e) {
                reread();
            }
        }
    }

    private void reread() {
        Optional<Stored> found = journal.read();
        if (found.isEmpty() || found.get().state().epoch() != epoch) {
            Holder holder = found.map(s -> s.state().run()).orElse(null);
            String what =
                    found.isEmpty()
                            ? "the journal is gone"
                            : "another run took the journal over"
                                    + (holder == null ? "" : ": " + holder.runId());
            Problem problem =
                    new Problem(
                            Code.EPOCH_LOST,
                            options.migration(),
                            what,
                            "nothing more was done here; look at: switchback status");
            lost = problem;
            throw new SwitchbackException(problem);
        }
        known = found.get();
    }

    private <T> T patiently(Callable<T> write) throws Exception {
        long end = System.nanoTime() + timing.journalPatience().toNanos();
        while (true) {
            try {
                return write.call();
            } catch (SwitchbackException e) {
                boolean isFinal = e.code() == Code.EPOCH_LOST || e.code() == Code.LOCKED;
                if (isFinal || System.nanoTime() >= end) {
                    throw e;
                }
                Waiting.until(new CompletableFuture<>(), options.poll());
            }
        }
    }

    private AuditEntry entry(String what) {
        Instant now = clock.instant();
        return new AuditEntry(now, options.who(), options.runId(), what);
    }
}
