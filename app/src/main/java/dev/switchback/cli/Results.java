package dev.switchback.cli;

import dev.switchback.engine.JournalState;
import dev.switchback.engine.RunResult;
import dev.switchback.fault.ExitCode;
import dev.switchback.fault.Problem;
import dev.switchback.runbook.ReverseLink;
import dev.switchback.runbook.Rollbacks;
import dev.switchback.runbook.Runbooks;
import dev.switchback.runbook.Stage;
import dev.switchback.runbook.Watching;
import dev.switchback.view.Documents.Report;
import dev.switchback.view.Documents.ReverseLinkView;
import dev.switchback.view.Documents.RollbackView;
import dev.switchback.view.ReportWriter;
import java.util.List;

/** Prints how a run ended: the report on stdout, one error line a problem on stderr. */
final class Results {
    private Results() {}

    static void print(GlobalOptions options, Stage stage, RunResult result) {
        for (Problem problem : result.problems()) {
            System.err.println("error: " + problem.line());
        }
        for (Problem problem : result.leftovers()) {
            System.err.println("leftover: " + problem.line());
        }
        print(options, stage, result.state(), word(result), result.problems(), result.leftovers());
    }

    static void print(
            GlobalOptions options,
            Stage stage,
            JournalState state,
            String word,
            List<Problem> problems,
            List<Problem> leftovers) {
        Report report = report(stage, state, word, problems, leftovers);
        Output.print(options.output, report, () -> ReportWriter.text(report));
    }

    static Report report(
            Stage stage,
            JournalState state,
            String word,
            List<Problem> problems,
            List<Problem> leftovers) {
        ReverseLink.Standing link = ReverseLink.standing(stage.world(), state);
        return new ReportWriter(stage.migration(), Runbooks.journalled(stage.world(), state))
                .report(
                        state,
                        word,
                        rollback(stage, state, link),
                        reverseLink(link),
                        problems,
                        leftovers,
                        WatchViews.checklists(Watching.checklists(stage, state)));
    }

    static RollbackView rollback(Stage stage, JournalState state, ReverseLink.Standing link) {
        Rollbacks.Verdict verdict = Rollbacks.verdict(stage.world(), state, link);
        boolean counted = verdict.state() == Rollbacks.State.LOSES_WRITES && verdict.atLeast() >= 0;
        return new RollbackView(
                verdict.word(),
                verdict.reason(),
                counted ? verdict.atLeast() : null,
                verdict.since(),
                verdict.windowEnds());
    }

    static ReverseLinkView reverseLink(ReverseLink.Standing link) {
        return new ReverseLinkView(link.state().word(), link.reason());
    }

    /** The result's word; scripts match on it. */
    static String word(RunResult result) {
        return switch (result.outcome()) {
            case COMPLETED -> word(result.state());
            case STOPPED_AT_PHASE -> "stopped";
            case RELEASED -> result.exit() == ExitCode.BLOCKED ? "blocked" : "rolledBack";
            case STAYED -> "stayed";
            case INCOMPLETE_AFTER_COMMIT ->
                    result.exit() == ExitCode.BLOCKED ? "blocked" : "incomplete";
            case RELEASE_INCOMPLETE -> "incomplete";
            case COMMIT_UNKNOWN -> "unknown";
            case WAITING -> "waiting";
            case PAUSED -> "paused";
            case INTERRUPTED -> "interrupted";
            case ABORTED -> "aborted";
        };
    }

    /** The same from a journal alone. */
    static String word(JournalState state) {
        return switch (state.status()) {
            case NEW, RUNNING -> "interrupted";
            case RELEASING, COMMITTED, RETURNING, STAYING, RETURN_COMMITTED, CLEANING ->
                    "incomplete";
            case CLEANED -> "cleaned";
            case RELEASED -> "rolledBack";
            case COMPLETED -> "migrated";
            case RETURNED -> "returned";
            case ABORTED -> "aborted";
        };
    }
}
