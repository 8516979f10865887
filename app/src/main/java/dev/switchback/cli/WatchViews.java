package dev.switchback.cli;

import dev.switchback.runbook.Stage;
import dev.switchback.runbook.Watching;
import dev.switchback.settle.AlertRule;
import dev.switchback.settle.Alerts;
import dev.switchback.settle.Baselines;
import dev.switchback.settle.Checklists;
import dev.switchback.settle.Look;
import dev.switchback.settle.WatchRecord;
import dev.switchback.settle.WatchRecord.AlertState;
import dev.switchback.settle.WatchRecord.Baseline;
import dev.switchback.view.ChecklistText;
import dev.switchback.view.Documents;
import dev.switchback.view.Documents.Box;
import dev.switchback.view.Documents.Checklist;
import dev.switchback.view.WatchDocuments.AlertView;
import dev.switchback.view.WatchDocuments.FirstBackupView;
import dev.switchback.view.WatchDocuments.LateWriterView;
import dev.switchback.view.WatchDocuments.PerformanceView;
import dev.switchback.view.WatchDocuments.TransitionView;
import dev.switchback.view.WatchDocuments.WatchReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What watching found, as a document and as text. */
final class WatchViews {
    private WatchViews() {}

    static List<Checklist> checklists(List<Checklists.Checklist> lists) {
        return lists.stream()
                .map(l ->
                        new Checklist(
                                l.title(),
                                l.boxes().stream()
                                        .map(b -> new Box(b.text(), b.ticked(), b.evidence()))
                                        .toList()))
                .toList();
    }

    /**
     * @param look the last one of this process; null when it took none
     */
    static WatchReport report(Stage stage, WatchRecord record, @Nullable Look look) {
        return new WatchReport(
                Documents.API_VERSION,
                "WatchReport",
                stage.migration().display(),
                result(record),
                record.from(),
                record.lastLook(),
                record.watchedSeconds(),
                record.looks(),
                record.stableSince().orElse(null),
                alerts(stage, record),
                record.transitions().stream()
                        .map(t ->
                                new TransitionView(
                                        t.alert(), t.severity(), t.change(), t.at(), t.what()))
                        .toList(),
                record.lateWriters().stream()
                        .map(w ->
                                new LateWriterView(
                                        w.at(),
                                        w.seen(),
                                        w.address(),
                                        w.role(),
                                        w.application(),
                                        w.database(),
                                        w.what()))
                        .toList(),
                look == null ? Map.of() : look.unread(),
                performance(record),
                backup(record),
                checklists(Watching.checklists(stage, stage.requireState())));
    }

    /** A reminder that fires is no trouble. */
    static String result(WatchRecord record) {
        if (record.stableSince().isEmpty() && record.looks() > 0) {
            return "firing";
        }
        boolean unknown =
                record.looks() == 0
                        || record.alerts().stream()
                                .anyMatch(a -> a.state().equals(AlertState.UNKNOWN));
        return unknown ? "unknown" : "fine";
    }

    private static List<AlertView> alerts(Stage stage, WatchRecord record) {
        List<AlertView> views = new ArrayList<>();
        for (AlertRule rule : Alerts.of(stage.migration().settle())) {
            record.alert(rule.name())
                    .ifPresent(a ->
                            views.add(
                                    new AlertView(
                                            a.alert(),
                                            rule.severity().word(),
                                            a.state(),
                                            a.since(),
                                            a.what(),
                                            rule.remedy())));
        }
        return views;
    }

    private static List<PerformanceView> performance(WatchRecord record) {
        Baseline before = record.baselines().get(Baselines.BEFORE);
        Baseline settled = record.baselines().get(Baselines.SETTLED);
        if (before == null || settled == null) {
            return List.of();
        }
        return Baselines.changes(before, settled).stream()
                .map(c -> new PerformanceView(c.measurement(), c.before(), c.after(), c.factor()))
                .toList();
    }

    private static FirstBackupView backup(WatchRecord record) {
        var backup = record.backup();
        return backup == null
                ? new FirstBackupView("missing", "", "", "", "none was asked for")
                : new FirstBackupView(
                        backup.state(),
                        backup.method(),
                        backup.name(),
                        backup.archivedWal(),
                        backup.words());
    }

    /** One line for an interval. */
    static String line(Look look, WatchRecord record) {
        List<String> firing = record.firing().stream().map(AlertState::alert).toList();
        return String.format(
                Locale.ROOT,
                "%s  %s  watched %s%s",
                look.at().truncatedTo(java.time.temporal.ChronoUnit.SECONDS),
                firing.isEmpty() ? "nothing fires" : "firing: " + String.join(", ", firing),
                words(record.watched()),
                look.unread().isEmpty()
                        ? ""
                        : "  cannot read: " + String.join(", ", look.unread().keySet()));
    }

    static String words(Duration duration) {
        return duration.toHours() > 0
                ? duration.toHours() + " h " + duration.toMinutesPart() + " min"
                : duration.toMinutes() + " min " + duration.toSecondsPart() + " s";
    }

    static String text(WatchReport report) {
        StringBuilder text = new StringBuilder();
        text.append("result      ").append(report.result()).append('\n');
        text.append("watched     ")
                .append(words(Duration.ofSeconds(report.watchedSeconds())))
                .append(", ")
                .append(report.looks())
                .append(" looks, stable ")
                .append(report.stableSince() == null ? "not now" : "since " + report.stableSince())
                .append('\n');
        text.append("backup      ")
                .append(report.backup().state())
                .append(": ")
                .append(report.backup().words())
                .append("\n\n");
        for (AlertView alert : report.alerts()) {
            text.append(
                    String.format("  %-8s %-30s %s%n", alert.state(), alert.alert(), alert.what()));
            if (alert.state().equals(AlertState.FIRING)) {
                text.append("           remedy: ").append(alert.remedy()).append('\n');
            }
        }
        for (LateWriterView writer : report.lateWriters()) {
            text.append("late writer ")
                    .append(writer.at())
                    .append(' ')
                    .append(writer.seen())
                    .append(' ')
                    .append(writer.role())
                    .append(" from ")
                    .append(writer.address())
                    .append(' ')
                    .append(writer.application())
                    .append(": ")
                    .append(writer.what())
                    .append('\n');
        }
        for (PerformanceView view : report.performance()) {
            text.append(
                    String.format(
                            Locale.ROOT,
                            "performance %s: %.1f ms, was %.1f ms%n",
                            view.measurement(),
                            view.settledSeconds() * 1e3,
                            view.beforeSeconds() * 1e3));
        }
        return text.append(ChecklistText.of(report.checklists())).toString();
    }
}
