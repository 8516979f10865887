package dev.switchback.engine;

import dev.switchback.engine.JournalState.Request;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import java.util.Set;

/**
 * Looks from a thread of its own whether the run may and shall go on: the lock, the epoch, and what
 * another process asks for in the journal. A request stays in the journal until what it asks for is
 * durable.
 */
final class RunWatch implements AutoCloseable {
    static final String ABORT = "abort";
    static final String STAY = "stay";

    /** What a forward run can be asked, and what a way back can. */
    private static final Set<String> FORWARD_KINDS = Set.of(ABORT, "rollback");

    private static final Set<String> RETURN_KINDS = Set.of(STAY);

    private final Session session;
    private final StopSignal end = new StopSignal();
    private final Thread thread;
    private boolean noted;

    RunWatch(Session session) {
        this.session = session;
        this.thread = Thread.ofPlatform().daemon().name("run-watch").unstarted(this::watch);
    }

    /** Looks once for a request that waits already, then goes on looking. */
    void start() {
        obey(session.state());
        thread.start();
    }

    @Override
    public void close() {
        Problem ended = new Problem(Code.REQUESTED_STOP, "run-watch", "the run ended", "");
        end.raise(new Stop.Signal(StopReason.REQUESTED, ended));
    }

    private void watch() {
        long nextRead = System.nanoTime() + session.timing().requestPoll().toNanos();
        while (!end.await(session.timing().lockPoll())) {
            if (System.nanoTime() >= nextRead) {
                readJournal();
                nextRead = System.nanoTime() + session.timing().requestPoll().toNanos();
            }
            if (session.mandate().look().isPresent()) {
                return;
            }
        }
    }

    private void readJournal() {
        try {
            obey(session.journal().refresh());
        } catch (SwitchbackException e) {
            // A lost epoch is kept by the writer and seen by the mandate; a journal that cannot be
            // read now is read again next time, and every act needs a write anyway.
        }
    }

    private void obey(JournalState state) {
        Request request = state.request();
        boolean mine = request != null && kinds().contains(request.kind());
        if (request == null || !mine) {
            return;
        }
        if (session.committed()) {
            if (!noted) {
                noted = true;
                session.say(
                        request.kind()
                                + " asked for by "
                                + request.who()
                                + " is left alone: the commit point is passed");
            }
            return;
        }
        if (!session.underWay() || session.signal().cause().isPresent()) {
            return;
        }
        Problem problem =
                new Problem(
                        Code.REQUESTED_STOP,
                        state.migration(),
                        request.kind() + " asked for by " + request.who() + " at " + request.at(),
                        "");
        session.signal().raise(new Stop.Asked(request, problem));
    }

    private Set<String> kinds() {
        return session.runbook().canStay() ? RETURN_KINDS : FORWARD_KINDS;
    }
}
