package dev.switchback.cli;

import dev.switchback.engine.Runbook;
import dev.switchback.engine.UndoAt;
import dev.switchback.estimate.Prediction;
import dev.switchback.runbook.PlanHash;
import dev.switchback.runbook.PlanSections;
import dev.switchback.runbook.Runbooks;
import dev.switchback.runbook.Stage;
import dev.switchback.steps.timing.CheckWindow;
import dev.switchback.steps.timing.Forecast;
import dev.switchback.steps.timing.WindowFit;
import dev.switchback.view.Documents;
import dev.switchback.view.Documents.EndpointView;
import dev.switchback.view.Documents.Plan;
import dev.switchback.view.Documents.PlannedStep;
import dev.switchback.view.PlanWriter;
import dev.switchback.view.TimingViews;
import dev.switchback.view.TimingViews.PredictionView;
import dev.switchback.view.TimingViews.SpanView;
import dev.switchback.view.TimingViews.WindowView;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "plan",
        description = {
            "Print every step, every object that would change, how long it is predicted to take, and a hash",
            "for 'migrate --plan'; change nothing"
        })
final class PlanCommand implements Callable<Integer> {
    @ParentCommand App app = new App();

    @Override
    public Integer call() {
        try (Stage stage = app.options.stage()) {
            Plan plan = plan(stage);
            Output.print(app.options.output, plan, () -> PlanWriter.text(plan));
            return 0;
        }
    }

    static Plan plan(Stage stage) {
        Runbook runbook = stage.runbook();
        PlanHash hash = new PlanSections(stage.world(), runbook).hash();
        Prediction prediction = Forecast.of(stage.world(), runbook);
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
                            runbook.commitPoint().filter(entry.step().id()::equals).isPresent(),
                            SpanView.of(prediction.step(entry.step().id()).orElseThrow())));
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
                boundaries,
                Runbooks.plannedWayBack(stage.world()).entries().stream()
                        .flatMap(e -> Stage.boundaries(e).stream())
                        .toList(),
                hash.toString(),
                hash.sections(),
                PredictionView.of(prediction),
                TimingViews.guide(runbook, prediction),
                window(stage, runbook, prediction));
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

    private static @Nullable WindowView window(
            Stage stage, Runbook runbook, Prediction prediction) {
        return stage.migration()
                .window()
                .map(w -> new WindowFit(w, CheckWindow.cutover(runbook, prediction)))
                .map(fit -> new WindowView(fit.words(), SpanView.of(fit.cutover()), fit.fits()))
                .orElse(null);
    }

    private static String undone(UndoAt at) {
        return switch (at) {
            case RELEASE_FIRST, RELEASE -> "release";
            case ABORT -> "abort";
            case NEVER -> "nothing to undo";
        };
    }
}
