package dev.switchback.view;

import dev.switchback.engine.Facts;
import dev.switchback.engine.JournalState;
import dev.switchback.engine.JournalState.StepRecord;
import dev.switchback.engine.JournalState.StepState;
import dev.switchback.engine.LiveSide;
import dev.switchback.engine.Runbook;
import dev.switchback.estimate.Prediction;
import dev.switchback.fault.Problem;
import dev.switchback.spec.Migration;
import dev.switchback.view.Documents.Checklist;
import dev.switchback.view.Documents.EndpointView;
import dev.switchback.view.Documents.ProblemView;
import dev.switchback.view.Documents.Report;
import dev.switchback.view.Documents.ReverseLinkView;
import dev.switchback.view.Documents.RollbackView;
import dev.switchback.view.Documents.StepView;
import dev.switchback.view.Documents.SuccessView;
import dev.switchback.view.Documents.WriterView;
import dev.switchback.view.TimingViews.PredictionView;
import dev.switchback.view.TimingViews.SpanView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns a journal into the report document and its text. */
public final class ReportWriter {
    private final Migration migration;
    private final List<Runbook> runbooks;

    /**
     * @param runbooks those whose steps the journal may hold: the forward one and its way back
     */
    public ReportWriter(Migration migration, List<Runbook> runbooks) {
        this.migration = migration;
        this.runbooks = List.copyOf(runbooks);
    }

    public Report report(
            JournalState state,
            String result,
            RollbackView rollback,
            ReverseLinkView reverseLink,
            List<Problem> problems,
            List<Problem> leftovers,
            List<Checklist> checklists) {
        Facts content = evidence(state, "verify-content");
        Optional<Prediction> predicted = TimingViews.predicted(state);
        return new Report(
                Documents.API_VERSION,
                "MigrationReport",
                migration.display(),
                state.uid(),
                migration.strategy().word(),
                result,
                word(state.status()),
                liveSide(state),
                state.attempt(),
                evidence(state, "check-source").get("version").orElse(null),
                evidence(state, "check-target").get("version").orElse(null),
                between(state, "stop-writers", "start-writers"),
                between(state, "fence-source", "open-target"),
                between(state, "return-stop-writers", "return-start-writers"),
                predicted.map(PredictionView::of).orElse(null),
                predicted.map(p -> TimingViews.guide(runbooks.getFirst(), p, state)).orElse(null),
                steps(state, predicted),
                Integer.parseInt(content.get("tablesVerified").orElse("0")),
                Integer.parseInt(content.get("mismatches").orElse("0")),
                content.get("contentProven").map(Boolean::parseBoolean).orElse(false),
                success(state),
                writers(state),
                endpoints(state),
                BackupLine.of(migration, state),
                rollback,
                reverseLink,
                ProblemView.of(problems),
                ProblemView.of(leftovers),
                checklists);
    }

    /**
     * {@code source} before the commit point, {@code target} after it, by what the journal has
     * seen.
     */
    public static String liveSide(JournalState state) {
        return LiveSide.of(state);
    }

    private List<StepView> steps(JournalState state, Optional<Prediction> predicted) {
        List<StepView> views = new ArrayList<>();
        for (StepRecord step : state.steps()) {
            Optional<Runbook.Entry> entry =
                    runbooks.stream().flatMap(r -> r.entry(step.id()).stream()).findFirst();
            views.add(
                    new StepView(
                            step.id(),
                            entry.map(e -> e.phase().word()).orElse(""),
                            step.state().name().toLowerCase(Locale.ROOT),
                            entry.map(e -> e.step().inDowntime()).orElse(false),
                            step.seconds(),
                            predicted
                                    .flatMap(p -> p.step(step.id()))
                                    .map(SpanView::of)
                                    .orElse(null),
                            step.startedAt(),
                            step.evidence().values()));
        }
        return views;
    }

    /** Seconds by the journal's clock. */
    private static @Nullable Double between(JournalState state, String begun, String done) {
        Instant from = state.step(begun).map(StepRecord::startedAt).orElse(null);
        Instant until = state.step(done).map(StepRecord::finishedAt).orElse(null);
        return from == null || until == null
                ? null
                : Duration.between(from, until).toMillis() / 1000.0;
    }

    private static List<SuccessView> success(JournalState state) {
        return evidence(state, "validate-migration").values().entrySet().stream()
                .filter(e -> e.getKey().startsWith("success."))
                .sorted(Map.Entry.comparingByKey())
                .map(e -> e.getValue().split(" \\| ", 3))
                .map(part -> new SuccessView(part[1], part[0], part[2]))
                .toList();
    }

    private static List<WriterView> writers(JournalState state) {
        return evidence(state, "start-writers").values().entrySet().stream()
                .map(e -> new WriterView(e.getKey(), e.getValue()))
                .toList();
    }

    private static List<EndpointView> endpoints(JournalState state) {
        return state.step("switch-endpoints")
                .filter(s -> s.state() == StepState.DONE)
                .map(s ->
                        s.captured().values().entrySet().stream()
                                .filter(e -> e.getValue().contains(" -> "))
                                .map(ReportWriter::endpoint)
                                .toList())
                .orElse(List.of());
    }

    private static EndpointView endpoint(Map.Entry<String, String> captured) {
        String[] change = captured.getValue().split(" -> ", 2);
        if (captured.getKey().startsWith("File:")) {
            int key = captured.getKey().lastIndexOf(':');
            String path = captured.getKey().substring("File:".length(), key);
            return new EndpointView(
                    "File", "", path, captured.getKey().substring(key + 1), change[0], change[1]);
        }
        String[] place = captured.getKey().split("/", 4);
        return new EndpointView(place[0], place[1], place[2], place[3], change[0], change[1]);
    }

    private static Facts evidence(JournalState state, String step) {
        return state.step(step)
                .filter(s -> s.state() == StepState.DONE)
                .map(StepRecord::evidence)
                .orElse(Facts.NONE);
    }

    static String word(JournalState.Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    /** The same for people. */
    public static String text(Report report) {
        StringBuilder text = new StringBuilder();
        text.append("migration  ")
                .append(report.migration())
                .append("  (")
                .append(report.strategy())
                .append(")\n");
        text.append("result     ")
                .append(report.result())
                .append(", the ")
                .append(report.liveSide())
                .append(" serves\n");
        if (report.sourceVersion() != null && report.targetVersion() != null) {
            text.append("versions   PostgreSQL ")
                    .append(report.sourceVersion())
                    .append(" -> ")
                    .append(report.targetVersion())
                    .append('\n');
        }
        if (report.downtimeSeconds() != null) {
            text.append(
                    String.format(Locale.ROOT, "downtime   %.1f s%n", report.downtimeSeconds()));
        }
        if (report.prediction() != null) {
            text.append("predicted  ")
                    .append(TimingText.words(report.prediction().downtime()))
                    .append(" of downtime, rates ")
                    .append(report.prediction().basis())
                    .append('\n');
        }
        text.append("content    ").append(content(report)).append('\n');
        text.append("backup     ").append(BackupLine.text(report.backup())).append('\n');
        text.append("rollback   ")
                .append(report.rollback().words())
                .append(": ")
                .append(report.rollback().reason())
                .append('\n');
        for (SuccessView line : report.success()) {
            text.append("success    ")
                    .append(line.line())
                    .append(": ")
                    .append(line.answer())
                    .append(", ")
                    .append(line.evidence())
                    .append('\n');
        }
        text.append(EndpointLines.of("endpoint", report.endpointsSwitched()));
        for (WriterView w : report.writersRestored()) {
            text.append("writer     ")
                    .append(w.writer())
                    .append(": ")
                    .append(w.replicas())
                    .append('\n');
        }
        text.append("\n  phase     step                         state     seconds  predicted\n");
        for (StepView step : report.steps()) {
            text.append(
                    String.format(
                            Locale.ROOT,
                            "  %-9s %-28s %-9s %7s  %-26s%s%n",
                            step.phase(),
                            step.id(),
                            step.state(),
                            step.seconds() == null
                                    ? "-"
                                    : String.format(Locale.ROOT, "%.1f", step.seconds()),
                            TimingText.column(step.predicted()),
                            step.inDowntime() ? "downtime" : ""));
        }
        if (report.prediction() != null && report.guide() != null) {
            text.append(
                    TimingText.guide(
                            report.guide(),
                            report.prediction().downtime(),
                            report.downtimeSeconds()));
        }
        text.append(ChecklistText.of(report.checklists()));
        problems(text, "problem", report.problems());
        problems(text, "leftover", report.leftovers());
        return text.toString();
    }

    private static String content(Report report) {
        if (!report.contentProven()) {
            return "not proven";
        }
        return report.mismatches() == 0
                ? "proven equal, " + report.tablesVerified() + " tables"
                : report.mismatches() + " of " + report.tablesVerified() + " tables DIFFER";
    }

    private static void problems(StringBuilder text, String word, List<ProblemView> problems) {
        for (ProblemView p : problems) {
            text.append('\n')
                    .append(word)
                    .append("  ")
                    .append(p.code())
                    .append(' ')
                    .append(p.object())
                    .append(": ")
                    .append(p.what());
            if (!p.remedy().isEmpty()) {
                text.append("\n         remedy: ").append(p.remedy());
            }
        }
    }
}
