package dev.switchback.engine;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The right to act: the lock is held and the epoch is ours. Once lost it stays lost, and all work
 * under way is stopped, undoing included.
 */
final class Mandate {
    private final Lock.Held held;
    private final JournalWriter journal;
    private final String migration;
    private final Set<StopSignal> work = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Problem lost;

    Mandate(Lock.Held held, JournalWriter journal, String migration) {
        this.held = held;
        this.journal = journal;
        this.migration = migration;
    }

    /** Asked before every act and every undo. */
    void demand() {
        Optional<Problem> problem = look();
        if (problem.isPresent()) {
            throw new SwitchbackException(problem.get());
        }
    }

    /** Looks whether the right is still ours and stops all work when it is not. */
    Optional<Problem> look() {
        if (lost == null) {
            journal.lost().or(this::lockLost).ifPresent(this::lose);
        }
        return Optional.ofNullable(lost);
    }

    /** A signal for one piece of work that is raised when the right is lost. */
    StopSignal newSignal() {
        StopSignal signal = new StopSignal();
        watch(signal);
        return signal;
    }

    void watch(StopSignal signal) {
        work.add(signal);
        Problem problem = lost;
        if (problem != null) {
            signal.raise(new Stop.Lost(problem));
        }
    }

    void forget(StopSignal signal) {
        work.remove(signal);
    }

    private void lose(Problem problem) {
        lost = problem;
        work.forEach(signal -> signal.raise(new Stop.Lost(problem)));
    }

    /** A lock that cannot be looked at is not known to be held. */
    private Optional<Problem> lockLost() {
        try {
            return held.lost();
        } catch (RuntimeException e) {
            String what = "the lock cannot be looked at: " + StepFailure.words(e);
            return Optional.of(new Problem(Code.LOCKED, migration, what, ""));
        }
    }
}
