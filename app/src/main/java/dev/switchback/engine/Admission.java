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
            if (runbook.returning()) {
                mayReturn(s);
            } else {
                mayGoForward(s, runbook);
            }
        });
        return state;
    }

    private static void mayReturn(JournalState state) {
        switch (state.status()) {
            case COMMITTED, COMPLETED, RETURNING, RETURNED -> {}
            case NEW, RUNNING, RELEASING, RELEASED, ABORTED ->
                    throw other(
                            state,
                            "the commit point is not passed, so there is nothing to return from",
                            "take it back with: switchback rollback");
        }
    }

    private static void mayGoForward(JournalState state, Runbook runbook) {
        if (state.status() == Status.RETURNING) {
            throw other(
                    state,
                    "the migration is on its way back",
                    "finish the way back with: switchback rollback");
        }
        sameRunbook(state, runbook);
    }

    static JournalState abort(Optional<JournalState> state, RunOptions options) {
        JournalState found =
                state.orElseThrow(() ->
                        new SwitchbackException(
                                Code.JOURNAL_NOT_FOUND,
                                options.migration(),
                                "there is nothing to abort",
                                "start with: switchback migrate"));
        sameMigration(found, options);
        return switch (found.status()) {
            case NEW, RUNNING, RELEASING, RELEASED, ABORTED -> found;
            case COMMITTED, COMPLETED, RETURNING, RETURNED ->
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
                    case RUNNING, RELEASING, RELEASED, COMMITTED, COMPLETED, RETURNING -> false;
                };
        if (!fresh && !state.runbook().equals(runbook.name())) {
            throw other(
                    state,
                    "the journal is that of the runbook " + state.runbook(),
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
