package dev.switchback.cli;

import dev.switchback.engine.JournalState;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.runbook.Runbooks;
import dev.switchback.runbook.Stage;
import dev.switchback.view.Documents;
import dev.switchback.view.Documents.Report;
import dev.switchback.view.html.HtmlReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "report",
        description = {
            "Print what the migration did, from its journal; with --html as one page that loads nothing"
        })
final class ReportCommand implements Callable<Integer> {
    private static final Path STDOUT = Path.of("-");

    @ParentCommand App app = new App();

    @Option(
            names = "--html",
            arity = "0..1",
            paramLabel = "FILE",
            fallbackValue = "",
            description = {
                "write a page instead: to FILE, '-' for stdout, without FILE to",
                "switchback-report-NAME.html; a file that is there is replaced"
            })
    @Nullable Path html;

    @Override
    public Integer call() {
        try (Stage stage = app.options.stage()) {
            JournalState state = stage.requireState();
            if (html == null) {
                Results.print(app.options, stage, state, Results.word(state), List.of(), List.of());
            } else {
                write(app.options, stage, state, html);
            }
            return 0;
        }
    }

    private static void write(GlobalOptions options, Stage stage, JournalState state, Path asked) {
        Report report = Results.report(stage, state, Results.word(state), List.of(), List.of());
        String page =
                HtmlReport.page(
                        report,
                        state,
                        Runbooks.journalled(stage.world(), state),
                        stage.world().clock().instant(),
                        VersionCommand.own());
        if (asked.equals(STDOUT)) {
            System.out.print(page);
            return;
        }
        Path file =
                asked.toString().isEmpty()
                        ? Path.of("switchback-report-" + stage.migration().name() + ".html")
                        : asked;
        try {
            Files.writeString(file, page);
        } catch (IOException e) {
            throw new SwitchbackException(
                    Code.USAGE,
                    file.toString(),
                    "the report cannot be written: " + e,
                    "name another file, or '-' for stdout");
        }
        Page written =
                new Page(
                        Documents.API_VERSION,
                        "ReportPage",
                        stage.migration().display(),
                        file.toString());
        Output.print(options.output, written, written::file);
    }

    /** Where the page was written. */
    private record Page(String apiVersion, String kind, String migration, String file) {}
}
