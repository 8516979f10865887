package dev.switchback.cli;

import dev.switchback.fault.ExitCode;
import dev.switchback.fault.Problem;
import dev.switchback.runbook.Checks;
import dev.switchback.runbook.Stage;
import dev.switchback.view.Documents;
import dev.switchback.view.Documents.Check;
import dev.switchback.view.Documents.CheckView;
import dev.switchback.view.Documents.ProblemView;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(name = "check", description = "Look at everything a migration needs; change nothing")
final class CheckCommand implements Callable<Integer> {
    @ParentCommand App app = new App();

    @Override
    public Integer call() {
        try (Stage stage = app.options.stage()) {
            List<Checks.Result> results =
                    Checks.run(stage.offline(), stage.world().runId(), stage.uidOrEmpty());
            Output.print(app.options.output, document(stage, results), () -> text(results));
            return exit(results).code();
        }
    }

    static Check document(Stage stage, List<Checks.Result> results) {
        List<CheckView> views =
                results.stream()
                        .map(r ->
                                new CheckView(
                                        r.step().id(),
                                        r.step().title(),
                                        r.verdict().word(),
                                        r.evidence().values(),
                                        ProblemView.of(r.problems())))
                        .toList();
        return new Check(
                Documents.API_VERSION,
                "Check",
                stage.migration().display(),
                exit(results) == ExitCode.OK ? "pass" : "fail",
                views);
    }

    static String text(List<Checks.Result> results) {
        StringBuilder text = new StringBuilder();
        for (Checks.Result result : results) {
            text.append(
                    String.format(
                            "%-8s %-18s %s%n",
                            result.verdict().word(), result.step().id(), result.step().title()));
            for (Problem problem : result.problems()) {
                text.append("         ")
                        .append(problem.code().id())
                        .append(' ')
                        .append(problem.object())
                        .append(": ")
                        .append(problem.what())
                        .append("\n           remedy: ")
                        .append(problem.remedy())
                        .append('\n');
            }
        }
        return text.toString();
    }

    /**
     * The first problem's own code, so that "not found" differs from "blocked"; one error line goes
     * to stderr.
     */
    static ExitCode exit(List<Checks.Result> results) {
        return results.stream()
                .flatMap(r -> r.problems().stream())
                .findFirst()
                .map(p -> p.code().exit() == ExitCode.FAILED ? ExitCode.BLOCKED : p.code().exit())
                .orElse(ExitCode.OK);
    }
}
