package dev.switchback.cli;

import dev.switchback.engine.JournalState;
import dev.switchback.engine.JournalState.Holder;
import dev.switchback.engine.JournalState.StepRecord;
import dev.switchback.engine.JournalState.StepState;
import dev.switchback.engine.Runbook;
import dev.switchback.runbook.ReverseLink;
import dev.switchback.runbook.Runbooks;
import dev.switchback.runbook.Stage;
import dev.switchback.view.Documents;
import dev.switchback.view.Documents.Status;
import dev.switchback.view.ReportWriter;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "status",
        description =
                "Say where the migration stands, which side serves, and what going back would cost")
final class StatusCommand implements Callable<Integer> {
    private static final long WATCH_MILLIS = 2_000;

    @ParentCommand App app = new App();

    @Option(
            names = {"-w", "--watch"},
            description =
                    "print again whenever it changes, until the run ends; on a terminal drawn in place")
    boolean watch;

    @Override
    public Integer call() throws InterruptedException {
        try (Stage stage = app.options.stage()) {
            if (watch && app.options.output == GlobalOptions.Format.TEXT) {
                Optional<Telling.Watching> drawn = app.options.telling().watch();
                if (drawn.isPresent()) {
                    return watch(stage, drawn.get());
                }
            }
            Status last = null;
            while (true) {
                Status status = status(stage);
                if (!status.equals(last)) {
                    Output.print(app.options.output, status, () -> text(status));
                    last = status;
                }
                if (!watch || status.holder() == null) {
                    return 0;
                }
                Thread.sleep(WATCH_MILLIS);
            }
        }
    }

    /** The same drawn in place; where it stands at the end is printed and stays. */
    private static int watch(Stage stage, Telling.Watching drawn) throws InterruptedException {
        Status status = status(stage);
        try (drawn) {
            while (status.holder() != null) {
                JournalState state = stage.requireState();
                Runbook runbook = Runbooks.begun(state) ? stage.wayBack(state) : stage.runbook();
                drawn.show(text(status).lines().toList(), Telling.picture(stage, runbook, state));
                Thread.sleep(WATCH_MILLIS);
                status = status(stage);
            }
        }
        System.out.println(text(status));
        return 0;
    }

    /** Where it stands now, for commands that changed nothing else. */
    static void print(GlobalOptions options, Stage stage) {
        Status status = status(stage);
        Output.print(options.output, status, () -> text(status));
    }

    private static Status status(Stage stage) {
        JournalState state = stage.requireState();
        Runbook runbook = stage.runbook();
        ReverseLink.Standing link = ReverseLink.standing(stage.world(), state);
        Holder run = state.run();
        List<StepRecord> current =
                state.steps().stream().filter(s -> s.state() == StepState.INTENT).toList();
        return new Status(
                Documents.API_VERSION,
                "Status",
                stage.migration().display(),
                state.status().name().toLowerCase(Locale.ROOT),
                ReportWriter.liveSide(state),
                state.attempt(),
                run == null ? null : run.since().toString(),
                run == null
                        ? null
                        : run.who()
                                + " on "
                                + run.host()
                                + ", pid "
                                + run.pid()
                                + ", run "
                                + run.runId(),
                current.isEmpty() ? null : current.getLast().id(),
                current.isEmpty()
                        ? null
                        : current.getLast().evidence().get("waitingFor").orElse(null),
                (int) state.steps().stream().filter(s -> s.state() == StepState.DONE).count(),
                runbook.entries().size(),
                Results.rollback(stage, state, link),
                Results.reverseLink(link),
                state.decisions().paused().map(w -> by(w.who(), w.at())).orElse(null),
                state.decisions()
                        .approved(state.attempt())
                        .map(a -> by(a.who(), a.at()))
                        .orElse(null));
    }

    private static String by(String who, Instant at) {
        return "by " + who + " at " + at;
    }

    private static String text(Status status) {
        StringBuilder text = new StringBuilder();
        text.append("status    ")
                .append(status.status())
                .append(", attempt ")
                .append(status.attempt())
                .append(", ")
                .append(status.stepsDone())
                .append(" of ")
                .append(status.stepsAll())
                .append(" steps done\n");
        text.append("serves    ")
                .append(
                        status.liveSide().equals("none")
                                ? "nobody: the service is stopped"
                                : "the " + status.liveSide())
                .append('\n');
        text.append("run       ")
                .append(status.holder() == null ? "none under way" : status.holder())
                .append('\n');
        if (status.currentStep() != null) {
            text.append("step      ").append(status.currentStep()).append('\n');
        }
        if (status.waitingFor() != null) {
            text.append("waiting   for you: ").append(status.waitingFor()).append('\n');
        }
        if (status.paused() != null) {
            text.append("paused    ").append(status.paused()).append('\n');
        }
        if (status.approved() != null) {
            text.append("approved  ").append(status.approved()).append('\n');
        }
        text.append("rollback  ")
                .append(status.rollback().words())
                .append(": ")
                .append(status.rollback().reason());
        if (status.rollback().windowEnds() != null) {
            text.append("\nwindow    ends ").append(status.rollback().windowEnds());
        }
        return text.toString();
    }
}
