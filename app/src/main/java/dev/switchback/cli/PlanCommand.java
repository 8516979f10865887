package dev.switchback.cli;

import dev.switchback.engine.Runbook;
import dev.switchback.engine.UndoAt;
import dev.switchback.runbook.Stage;
import dev.switchback.view.Documents;
import dev.switchback.view.Documents.EndpointView;
import dev.switchback.view.Documents.Plan;
import dev.switchback.view.Documents.PlannedStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "plan",
        description = "Print every step and every object that would change; change nothing")
final class PlanCommand implements Callable<Integer> {
    @ParentCommand App app = new App();

    @Override
    public Integer call() {
        try (Stage stage = app.options.stage()) {
            Plan plan = plan(stage);
            Output.print(app.options.output, plan, () -> text(plan));
            return 0;
        }
    }

    static Plan plan(Stage stage) {
        Runbook runbook = stage.offline();
        List<PlannedStep> steps = new ArrayList<>();
        List<String> boundaries = new ArrayList<>();
        for (Runbook.Entry entry : runbook.entries()) {
            steps.add(
                    new PlannedStep(
                            entry.step().id(),
                            entry.phase().word(),
                            entry.step().title(),
                            entry.step().inDowntime(),
                            undone(entry.step().undoAt()),
                            runbook.commitPoint().filter(entry.step().id()::equals).isPresent()));
            boundaries.addAll(Stage.boundaries(entry));
        }
        return new Plan(
                Documents.API_VERSION,
                "Plan",
                stage.migration().display(),
                stage.migration().strategy().word(),
                stage.migration().source().toString(),
                stage.migration().target().toString(),
                stage.world().databases(),
                stage.world().writers().settings(),
                endpoints(stage),
                steps,
                boundaries);
    }

    private static List<EndpointView> endpoints(Stage stage) {
        List<EndpointView> endpoints = new ArrayList<>();
        stage.world()
                .endpoints()
                .pending()
                .forEach(c ->
                        endpoints.add(
                                new EndpointView(
                                        c.key().kind().word(),
                                        c.key().namespace(),
                                        c.key().name(),
                                        c.key().key(),
                                        c.shownBefore(),
                                        c.shownAfter())));
        stage.world()
                .endpointFiles()
                .pending()
                .forEach(c ->
                        endpoints.add(
                                new EndpointView(
                                        "File",
                                        "",
                                        c.file().path(),
                                        c.key(),
                                        c.before(),
                                        c.after())));
        return endpoints;
    }

    private static String undone(UndoAt at) {
        return switch (at) {
            case RELEASE_FIRST, RELEASE -> "release";
            case ABORT -> "abort";
            case NEVER -> "nothing to undo";
        };
    }

    private static String text(Plan plan) {
        StringBuilder text = new StringBuilder();
        text.append("migration  ")
                .append(plan.migration())
                .append("  (")
                .append(plan.strategy())
                .append(")\n");
        text.append("from       ")
                .append(plan.source())
                .append("\nto         ")
                .append(plan.target())
                .append('\n');
        text.append("databases  ").append(String.join(", ", plan.databases())).append('\n');
        plan.writers()
                .forEach((w, n) ->
                        text.append("stop       ")
                                .append(w)
                                .append("  (now ")
                                .append(n)
                                .append(")\n"));
        for (EndpointView e : plan.endpoints()) {
            text.append("change     ")
                    .append(e.kind())
                    .append(' ')
                    .append(e.name())
                    .append(' ')
                    .append(e.key())
                    .append(": ")
                    .append(e.before())
                    .append(" -> ")
                    .append(e.after())
                    .append('\n');
        }
        text.append("\n  phase     step                         downtime  undone at\n");
        for (PlannedStep step : plan.steps()) {
            text.append(
                    String.format(
                            Locale.ROOT,
                            "  %-9s %-28s %-9s %s%s%n",
                            step.phase(),
                            step.id(),
                            step.inDowntime() ? "yes" : "",
                            step.undoneAt(),
                            step.commitPoint()
                                    ? "   <- commit point: after this nothing is put back by itself"
                                    : ""));
        }
        return text.toString();
    }
}
