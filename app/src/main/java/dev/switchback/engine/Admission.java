package dev.switchback.engine;

import dev.switchback.engine.JournalState.Holder;
import dev.switchback.engine.JournalState.Status;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.Optional;

/** Whether a journal lets a run in, and as whom. */
final class Admission {
    private Admission() {}

    static Optional<JournalState> forward(
            Optional<JournalState> state, Runbook runbook, RunOptions options) {
        state.ifPresent(s -> {
            sameMigration(s, options);
            if (runbook.finishing()) {
                mayFinish(s);
            } else if (runbook.returning()) {
                mayReturn(s, runbook);
            } else {
                mayGoForward(s, runbook);
            }
        });
        return state;
    }

    private static void mayFinish(JournalState state) {
        switch (state.status()) {
            case COMPLETED, CLEANING, CLEANED -> {}
            case COMMITTED ->
                    throw notNow(
                            state,
                            "the target serves, and steps of the migration are left to do",
                            "finish them with: switchback migrate");
            case RETURNING, STAYING, RETURN_COMMITTED ->
                    throw notNow(
                            state,
                            "the migration is on its way back",
                            "finish the way back with: switchback rollback");
            case RETURNED ->
                    throw notNow(
                            state,
                            "the source serves again: what is left on the target is the next try's",
                            "migrate again with: switchback migrate");
            case NEW, RUNNING, RELEASING, RELEASED, ABORTED ->
                    throw notNow(
                            state,
                            "the target does not serve",
                            "take everything back with: switchback abort");
        }
    }

    private static SwitchbackException cleaned(JournalState state) {
        return state.status() == Status.CLEANING
                ? notNow(
                        state,
                        "the migration is being cleaned up: its way back is given up",
                        "finish that with: switchback cleanup")
                : notNow(
                        state,
                        "the migration is over and cleaned up: there is nothing to go back to",
                        "for another migration use another metadata.name");
    }

    private static SwitchbackException notNow(JournalState state, String what, String remedy) {
        return new SwitchbackException(Code.NOT_NOW, state.migration(), what, remedy);
    }

    private static void mayReturn(JournalState state, Runbook runbook) {
        switch (state.status()) {
            case COMMITTED, COMPLETED, RETURNED -> {}
            case CLEANING, CLEANED -> throw cleaned(state);
            case RETURNING, STAYING, RETURN_COMMITTED -> sameWayBack(state, runbook);
            case NEW, RUNNING, RELEASING, RELEASED, ABORTED ->
                    throw other(
                            state,
                            "the commit point is not passed, so there is nothing to return from",
                            "take it back with: switchback rollback");
        }
    }

    /** What one way back did, another can neither finish nor take back. */
    private static void sameWayBack(JournalState state, Runbook runbook) {
        if (!state.runbook().equals(runbook.name())) {
            throw other(
                    state,
                    "the way back under way is that of the runbook " + state.runbook(),
                    "finish that one with: switchback rollback");
        }
    }

    private static void mayGoForward(JournalState state, Runbook runbook) {
        switch (state.status()) {
            case RETURNING, RETURN_COMMITTED ->
                    throw other(
                            state,
                            "the migration is on its way back",
                            "finish the way back with: switchback rollback");
            case STAYING ->
                    throw other(
                            state,
                            "a way back is being taken back",
                            "finish that with: switchback rollback --stay");
            case CLEANING, CLEANED -> throw cleaned(state);
            case NEW, RUNNING, RELEASING, RELEASED, COMMITTED, COMPLETED, RETURNED, ABORTED ->
                    sameRunbook(state, runbook);
        }
    }

    /**
     * Whether what this runbook did may be taken back by a person's wish.
     *
     * @throws SwitchbackException WOULD_LOSE_WRITES past the commit point of a forward runbook,
     *     RETURN_PASSED past that of a way back, NOT_NOW when no way back is under way or it can
     *     only be finished
     */
    static JournalState abort(Optional<JournalState> state, Runbook runbook, RunOptions options) {
        JournalState found =
                state.orElseThrow(() ->
                        new SwitchbackException(
                                Code.JOURNAL_NOT_FOUND,
                                options.migration(),
                                "there is nothing to abort",
                                "start with: switchback migrate"));
        sameMigration(found, options);
        return runbook.returning() ? mayStay(found, runbook) : mayAbort(found);
    }

    private static JournalState mayStay(JournalState found, Runbook runbook) {
        return switch (found.status()) {
            case COMMITTED, COMPLETED -> found;
            case CLEANING, CLEANED -> throw cleaned(found);
            case RETURNING, STAYING -> {
                sameWayBack(found, runbook);
                if (!runbook.canStay()) {
                    throw new SwitchbackException(
                            Code.NOT_NOW,
                            found.migration(),
                            "this way back gives up what was written on the target, and has begun"
                                    + " to: it cannot be taken back",
                            "finish it with: switchback rollback");
                }
                yield found;
            }
            case RETURN_COMMITTED, RETURNED ->
                    throw new SwitchbackException(
                            Code.RETURN_PASSED,
                            found.migration(),
                            "the source serves again: the way back is past its commit point",
                            found.status() == Status.RETURNED
                                    ? "migrate again with: switchback migrate"
                                    : "finish the way back with: switchback rollback");
            case NEW, RUNNING, RELEASING, RELEASED, ABORTED ->
                    throw new SwitchbackException(
                            Code.NOT_NOW,
                            found.migration(),
                            "no way back is under way: the target never served in this attempt",
                            "see where it stands with: switchback status");
        };
    }

    private static JournalState mayAbort(JournalState found) {
        return switch (found.status()) {
            case NEW, RUNNING, RELEASING, RELEASED, ABORTED -> found;
            case CLEANING, CLEANED -> throw cleaned(found);
            case RETURN_COMMITTED, RETURNED ->
                    throw new SwitchbackException(
                            Code.NOT_NOW,
                            found.migration(),
                            "the source serves again, by a way back: there is nothing to take back",
                            "see where it stands with: switchback status");
            case COMMITTED, COMPLETED, RETURNING, STAYING ->
                    throw new SwitchbackException(
                            Code.WOULD_LOSE_WRITES,
                            found.migration(),
                            "the commit point is passed: applications write to the target",
                            "go back with: switchback rollback");
        };
    }

    static Holder holder(RunOptions options, InstantSource clock) {
        return new Holder(
                options.runId(),
                options.who(),
                host(),
                ProcessHandle.current().pid(),
                clock.instant());
    }

    private static void sameMigration(JournalState state, RunOptions options) {
        if (!state.migration().equals(options.migration())) {
            throw other(
                    state,
                    "the journal is that of " + state.migration() + ", not " + options.migration(),
                    "correct the document, or give this migration another metadata.name");
        }
    }

    /** Another runbook cannot undo what this one's steps did. */
    private static void sameRunbook(JournalState state, Runbook runbook) {
        boolean fresh =
                switch (state.status()) {
                    case NEW, ABORTED, RETURNED -> true;
                    case RUNNING,
                            RELEASING,
                            RELEASED,
                            COMMITTED,
                            COMPLETED,
                            RETURNING,
                            STAYING,
                            RETURN_COMMITTED,
                            CLEANING,
                            CLEANED ->
                            false;
                };
        // a way back that took the journal over and did nothing yet is none
        String forward = state.forwardRunbook() == null ? state.runbook() : state.forwardRunbook();
        if (!fresh && !forward.equals(runbook.name())) {
            throw other(
                    state,
                    "the journal is that of the runbook " + forward,
                    "abort it first, or go on with that runbook");
        }
    }

    private static SwitchbackException other(JournalState state, String what, String remedy) {
        return new SwitchbackException(
                new Problem(Code.JOURNAL_OTHER, state.migration(), what, remedy));
    }

    private static String host() {
        String name = System.getenv("HOSTNAME");
        if (name != null && !name.isBlank()) {
            return name;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }
}
