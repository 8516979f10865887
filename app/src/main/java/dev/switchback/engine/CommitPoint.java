package dev.switchback.engine;

import dev.switchback.engine.Observation.Done;
import dev.switchback.engine.Observation.Impossible;
import dev.switchback.engine.Observation.Todo;
import dev.switchback.engine.Runbook.Entry;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import java.time.Duration;
import java.time.Instant;

/**
 * Finds out whether a commit point that was begun has happened. Only a fresh look decides; what
 * cannot be read, or is called impossible, is neither done nor not done, and then nothing may be
 * undone, since the other side (the target; on a way back the source) may be open already.
 */
final class CommitPoint {

    /** What a look shows. */
    sealed interface Answer {
        /** It happened and is journalled. */
        record Passed() implements Answer {}

        record NotPassed() implements Answer {}

        record Unknown(Problem problem) implements Answer {}
    }

    /** What the last look may take although the patience is nearly over. */
    private static final Duration ONE_LOOK = Duration.ofSeconds(2);

    private final Session session;

    CommitPoint(Session session) {
        this.session = session;
    }

    /** Looks until an answer is had or the patience is over. */
    Answer look() {
        Entry entry =
                session.runbook().commitPoint().flatMap(session.runbook()::entry).orElseThrow();
        Duration patience =
                session.options().deadlineOverride().orElse(session.timing().commitPatience());
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            Duration left = Duration.ofNanos(end - System.nanoTime());
            Answer answer = lookOnce(entry, left.compareTo(ONE_LOOK) < 0 ? ONE_LOOK : left);
            if (!(answer instanceof Answer.Unknown) || System.nanoTime() >= end) {
                return answer;
            }
            StopSignal pause = session.mandate().newSignal();
            pause.await(session.options().poll());
            session.mandate().forget(pause);
        }
    }

    private Answer lookOnce(Entry entry, Duration limit) {
        session.mandate().demand();
        Instant lookedAt = session.clock().instant();
        StopSignal signal = session.mandate().newSignal();
        Step step = entry.step();
        LiveContext context = new LiveContext(session, step.id(), signal, LiveContext.NO_EVIDENCE);
        Observation seen;
        try {
            seen =
                    StepThread.call(
                            step.id(),
                            signal,
                            limit,
                            session.timing().stopGrace(),
                            () -> step.observe(context));
        } catch (Exception | Error e) {
            return new Answer.Unknown(unknown(StepFailure.words(e)));
        } finally {
            session.mandate().forget(signal);
        }
        return switch (seen) {
            case Done done -> {
                session.recordDone(entry, done.evidence(), lookedAt);
                yield new Answer.Passed();
            }
            case Todo todo -> new Answer.NotPassed();
            case Impossible impossible ->
                    new Answer.Unknown(unknown(impossible.problems().getFirst().what()));
        };
    }

    /** The step's own work did not end and may still act. */
    Problem hung() {
        return unknown("its work was stopped and did not end");
    }

    private Problem unknown(String why) {
        String side = session.runbook().returning() ? "source" : "target";
        return new Problem(
                Code.COMMIT_UNKNOWN,
                session.runbook().commitPoint().orElseThrow(),
                "whether the "
                        + side
                        + " was opened is not known: "
                        + why
                        + "; nothing was undone, both sides stay closed to applications",
                "make the " + side + " readable and run the same command again: it looks first");
    }
}
