package dev.switchback.cli;

import dev.switchback.fault.Code;
import dev.switchback.fault.ExitCode;
import dev.switchback.fault.Problem;
import dev.switchback.runbook.Stage;
import dev.switchback.runbook.Validations;
import dev.switchback.steps.validation.Examined;
import dev.switchback.steps.validation.SuccessLine;
import dev.switchback.view.Documents;
import dev.switchback.view.Documents.PartView;
import dev.switchback.view.Documents.ProblemView;
import dev.switchback.view.Documents.SuccessView;
import dev.switchback.view.Documents.Validation;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "validate",
        description = {
            "Compare the target with the source and look at its service; change nothing",
            "Rows are compared while the source stands behind its fence. A table that was written on the target",
            "since the switch is named and not judged, unless --frozen says that nothing was written."
        })
final class ValidateCommand implements Callable<Integer> {
    @ParentCommand App app = new App();

    @Option(
            names = "--frozen",
            description =
                    "nothing was written on the target since the switch: every difference in rows is one")
    boolean frozen;

    @Override
    public Integer call() throws InterruptedException {
        try (Stage stage = app.options.stage()) {
            Validations.Result result = Validations.run(stage, frozen);
            Validation document = document(stage, result);
            Output.print(app.options.output, document, () -> text(document));
            result.validated().differences().forEach(ValidateCommand::error);
            result.validated().unread().forEach(ValidateCommand::error);
            return exit(result).code();
        }
    }

    private static void error(Problem problem) {
        System.err.println("error: " + problem.line());
    }

    private static ExitCode exit(Validations.Result result) {
        return switch (result.validated().verdict()) {
            case "different" -> ExitCode.DIFFERENT;
            case "equal" -> ExitCode.OK;
            default -> Code.VALIDATION_UNREAD.exit();
        };
    }

    private Validation document(Stage stage, Validations.Result result) {
        return new Validation(
                Documents.API_VERSION,
                "Validation",
                stage.migration().display(),
                result.validated().verdict(),
                result.cut().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                frozen,
                result.validated().parts().stream().map(ValidateCommand::view).toList(),
                result.validated().success().stream().map(ValidateCommand::view).toList());
    }

    private static PartView view(Examined part) {
        return new PartView(
                part.id(),
                part.outcome().word(),
                part.evidence(),
                ProblemView.of(part.problems()),
                part.notes());
    }

    private static SuccessView view(SuccessLine line) {
        return new SuccessView(line.line(), line.answer(), line.evidence());
    }

    private static String text(Validation document) {
        StringBuilder text = new StringBuilder();
        for (PartView part : document.parts()) {
            text.append(
                    String.format("%-13s %-14s %s%n", part.outcome(), part.id(), part.evidence()));
            for (ProblemView problem : part.problems()) {
                text.append("                ")
                        .append(problem.code())
                        .append(' ')
                        .append(problem.object())
                        .append(": ")
                        .append(problem.what())
                        .append('\n');
            }
            for (String note : part.notes()) {
                text.append("                note: ").append(note).append('\n');
            }
        }
        if (!document.success().isEmpty()) {
            text.append("\nmigration success\n");
        }
        for (SuccessView line : document.success()) {
            text.append(
                    String.format("  %-7s %s: %s%n", line.answer(), line.line(), line.evidence()));
        }
        return text.append("\nresult        ").append(document.verdict()).append('\n').toString();
    }
}
