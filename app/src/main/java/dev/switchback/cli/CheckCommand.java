package dev.switchback.cli;

import dev.switchback.engine.Finding;
import dev.switchback.engine.JournalState;
import dev.switchback.fault.ExitCode;
import dev.switchback.fault.Problem;
import dev.switchback.runbook.Checks;
import dev.switchback.runbook.Stage;
import dev.switchback.steps.Chapter;
import dev.switchback.view.Documents;
import dev.switchback.view.Documents.Check;
import dev.switchback.view.Documents.CheckView;
import dev.switchback.view.Documents.FindingView;
import dev.switchback.view.Documents.ProblemView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(name = "check", description = "Look at everything a migration needs; change nothing")
final class CheckCommand implements Callable<Integer> {
    @Option(
            names = "--deep",
            description =
                    "take the time to read every table: looks for duplicate keys in all unique indexes")
    boolean deep;

    @ParentCommand App app = new App();

    @Override
    public Integer call() {
        try (Stage stage = app.options.stage()) {
            return tell(app.options, stage, look(stage, deep)).code();
        }
    }

    static List<Checks.Result> look(Stage stage) {
        return look(stage, false);
    }

    private static List<Checks.Result> look(Stage stage, boolean deep) {
        String uid = stage.state().map(JournalState::uid).orElse("");
        return Checks.run(stage.runbook(), stage.world().runId(), uid, deep);
    }

    /** All checks on stdout; what is wrong on stderr too, each problem once. */
    static ExitCode tell(GlobalOptions options, Stage stage, List<Checks.Result> results) {
        Output.print(options.output, document(stage, results), () -> text(results));
        Checks.causes(results).forEach(p -> System.err.println("error: " + p.line()));
        return exit(results);
    }

    static Check document(Stage stage, List<Checks.Result> results) {
        List<CheckView> views =
                results.stream()
                        .map(r ->
                                new CheckView(
                                        r.step().id(),
                                        r.step().title(),
                                        r.chapter().title(),
                                        r.verdict().word(),
                                        r.evidence().values(),
                                        ProblemView.of(r.problems()),
                                        r.findings().stream().map(FindingView::of).toList()))
                        .toList();
        return new Check(
                Documents.API_VERSION,
                "Check",
                stage.migration().display(),
                exit(results) == ExitCode.OK ? "pass" : "fail",
                views);
    }

    /** Grouped like the guide; inside a chapter in the runbook's order. */
    static String text(List<Checks.Result> results) {
        StringBuilder text = new StringBuilder();
        Map<Problem, String> said = new HashMap<>();
        for (Chapter chapter : Chapter.values()) {
            List<Checks.Result> here =
                    results.stream().filter(r -> r.chapter() == chapter).toList();
            if (here.isEmpty()) {
                continue;
            }
            text.append(text.isEmpty() ? "" : "\n").append(chapter.title()).append('\n');
            here.forEach(result -> append(text, result, said));
        }
        return text.toString();
    }

    /**
     * @param said which check told a problem first; what one cause does to many checks is not
     *     repeated in full
     */
    private static void append(
            StringBuilder text, Checks.Result result, Map<Problem, String> said) {
        text.append(
                String.format(
                        "  %-8s %-22s %s%n",
                        result.verdict().word(), result.step().id(), result.step().title()));
        for (Finding finding : result.findings()) {
            Problem problem = finding.problem();
            text.append("           ")
                    .append(finding.level().word())
                    .append(' ')
                    .append(problem.code().id())
                    .append(' ')
                    .append(problem.object())
                    .append(": ");
            String first = said.putIfAbsent(problem, result.step().id());
            if (first != null) {
                text.append("see ").append(first).append('\n');
                continue;
            }
            text.append(problem.what()).append('\n');
            if (!problem.why().isEmpty()) {
                text.append("             why: ").append(problem.why()).append('\n');
            }
            if (!problem.remedy().isEmpty()) {
                text.append("             remedy: ").append(problem.remedy()).append('\n');
            }
        }
    }

    /** The first problem's own code, so that "not found" differs from "blocked". */
    static ExitCode exit(List<Checks.Result> results) {
        return Checks.causes(results).stream()
                .findFirst()
                .map(p -> p.code().exitOfCheck())
                .orElse(ExitCode.OK);
    }
}
