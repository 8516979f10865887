package dev.switchback.cli;

import dev.switchback.fault.Code;
import dev.switchback.fault.ExitCode;
import dev.switchback.fault.Problem;
import dev.switchback.runbook.Stage;
import dev.switchback.steps.cleanup.Inventory;
import dev.switchback.steps.cleanup.Trace;
import dev.switchback.view.CleanDocuments.TraceView;
import dev.switchback.view.CleanDocuments.VerifyClean;
import dev.switchback.view.Documents;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "verify-clean",
        description = {
            "Prove that nothing of ours is left on either side; change nothing",
            "Exit 4 names what is left. What cannot be read is an error, never clean."
        })
final class VerifyCleanCommand implements Callable<Integer> {
    @ParentCommand App app = new App();

    @Override
    public Integer call() {
        try (Stage stage = app.options.stage()) {
            Inventory.Found found = Inventory.look(stage.world(), stage.state());
            VerifyClean document =
                    new VerifyClean(
                            Documents.API_VERSION,
                            "VerifyClean",
                            stage.migration().display(),
                            found.left().isEmpty() ? "clean" : "left",
                            views(found.left()),
                            views(found.kept()),
                            found.notes());
            Output.print(app.options.output, document, () -> text(document));
            for (Trace trace : found.left()) {
                System.err.println(
                        "error: "
                                + new Problem(
                                                Code.LEFT_BEHIND,
                                                stage.migration().display(),
                                                "left: " + trace.words(),
                                                "switchback cleanup, or abort before the switch; else remove it by hand")
                                        .line());
            }
            return (found.left().isEmpty() ? ExitCode.OK : Code.LEFT_BEHIND.exit()).code();
        }
    }

    static List<TraceView> views(List<Trace> traces) {
        return traces.stream()
                .map(t ->
                        new TraceView(
                                t.side(), t.kind(), t.name(), t.why().isEmpty() ? null : t.why()))
                .toList();
    }

    private static String text(VerifyClean document) {
        StringBuilder text = new StringBuilder();
        document.left().forEach(t -> text.append("left    ").append(t.words()).append('\n'));
        document.kept().forEach(t -> text.append("kept    ").append(t.words()).append('\n'));
        document.notes().forEach(n -> text.append("note    ").append(n).append('\n'));
        return text.append("result  ")
                .append(
                        document.left().isEmpty()
                                ? "clean: nothing of ours is left"
                                : document.left().size() + " thing(s) of ours are left")
                .toString();
    }
}
