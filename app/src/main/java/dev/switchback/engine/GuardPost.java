package dev.switchback.engine;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.progress.Progress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One guard in force. A condition seen broken stops the run; one that cannot be read does so after
 * {@link #UNREADABLE_IN_A_ROW} looks and the guard's own patience, since "cannot read" is not fine,
 * but a blip is not a breach. Past the commit point a breach is told and stops nothing.
 */
final class GuardPost {
    static final int UNREADABLE_IN_A_ROW = 3;

    private final Session session;
    private final Guard guard;
    private final StopSignal end = new StopSignal();
    private final CompletableFuture<Void> inForce = new CompletableFuture<>();
    private final CompletableFuture<Void> left = new CompletableFuture<>();
    private final Thread thread;
    private boolean broken;

    GuardPost(Session session, Guard guard) {
        this.session = session;
        this.guard = guard;
        this.thread = Thread.ofPlatform().daemon().name("guard " + guard.id()).unstarted(this::run);
    }

    /** Returns when the guard is in force or the run is being stopped. */
    void takeUp() {
        thread.start();
        Waiting.until(
                CompletableFuture.anyOf(inForce, session.signal().raised()), StepThread.UNLIMITED);
    }

    void leave() {
        Problem over = new Problem(Code.REQUESTED_STOP, guard.id(), "no longer in force", "");
        end.raise(new Stop.Signal(StopReason.REQUESTED, over));
        long graceOver = System.nanoTime() + session.timing().stopGrace().toNanos();
        while (!left.isDone() && System.nanoTime() < graceOver) {
            thread.interrupt();
            Waiting.until(left, session.options().poll());
        }
        try {
            guard.disarm();
        } catch (RuntimeException e) {
            session.say("guard " + guard.id() + " left something behind: " + StepFailure.words(e));
        }
    }

    private void run() {
        LiveContext context = new LiveContext(session, guard.from(), end, LiveContext.NO_EVIDENCE);
        try {
            guard.arm(context);
            inForce.complete(null);
            watch(context);
        } catch (Throwable t) {
            if (end.cause().isEmpty()) {
                breach(
                        StepFailure.problems(guard.id(), t).getFirst(),
                        "guard " + guard.id() + " could not be put in force");
            }
        } finally {
            inForce.complete(null);
            left.complete(null);
        }
    }

    private void watch(LiveContext context) {
        int unreadable = 0;
        long read = System.nanoTime();
        do {
            Optional<Problem> seen;
            try {
                seen = guard.observe(context);
                unreadable = 0;
                read = System.nanoTime();
            } catch (Exception | LinkageError | AssertionError e) {
                unreadable++;
                boolean patient =
                        unreadable < UNREADABLE_IN_A_ROW
                                || System.nanoTime() - read < guard.patience().toNanos();
                seen = patient ? Optional.empty() : unreadable(e);
                if (patient) {
                    context.note("cannot be read, looked at again: " + StepFailure.words(e));
                }
            }
            if (end.cause().isPresent()) {
                return;
            }
            if (seen.isPresent()) {
                breach(seen.get(), "guard " + guard.id() + " is broken");
            } else if (unreadable == 0) {
                broken = false;
            }
        } while (!end.await(guard.every()));
    }

    private Optional<Problem> unreadable(Throwable cause) {
        return Optional.of(
                new Problem(
                        Code.GUARD_BROKEN,
                        guard.id(),
                        "cannot be read: " + StepFailure.words(cause),
                        ""));
    }

    private void breach(Problem problem, String what) {
        if (broken) {
            return;
        }
        broken = true;
        session.progress().on(new Progress.GuardBroken(guard.id(), problem));
        if (session.committed()) {
            session.say(what + "; past the commit point nothing is put back by itself");
        } else {
            session.signal().raise(new Stop.Broken(problem));
        }
    }
}
