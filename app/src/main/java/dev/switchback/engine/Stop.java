package dev.switchback.engine;

import dev.switchback.fault.Problem;

/** Why work is stopped before it ended by itself. */
sealed interface Stop {
    Problem problem();

    /** From outside this process's work: Ctrl-C, SIGTERM. */
    record Signal(StopReason reason, Problem problem) implements Stop {
        static Signal of(StopReason reason, String migration) {
            return new Signal(
                    reason,
                    new Problem(
                            reason.code(),
                            migration,
                            reason.words(),
                            "run the same command again to go on"));
        }
    }

    /** Another process wants everything put back. */
    record Asked(JournalState.Request request, Problem problem) implements Stop {
        boolean everything() {
            return request.kind().equals(RunWatch.ABORT);
        }

        boolean stay() {
            return request.kind().equals(RunWatch.STAY);
        }
    }

    /** A guarded condition no longer holds. */
    record Broken(Problem problem) implements Stop {}

    /** The lock or the epoch is gone: nothing more may be done, nor undone. */
    record Lost(Problem problem) implements Stop {}

    /** The work took longer than it may. */
    record Overdue(Problem problem) implements Stop {}
}
