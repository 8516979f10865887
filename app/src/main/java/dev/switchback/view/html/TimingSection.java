package dev.switchback.view.html;

import dev.switchback.view.Documents.Report;
import dev.switchback.view.Documents.StepView;
import dev.switchback.view.TimingViews.GuideView;
import dev.switchback.view.TimingViews.PhaseRow;
import dev.switchback.view.TimingViews.SpanView;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was predicted beside what it took, step by step, and what the guide expects by hand. */
record TimingSection(Material material) implements Section {
    private static final String NONE = "–";

    @Override
    public String id() {
        return "timing";
    }

    @Override
    public String title() {
        return "Prediction and reality";
    }

    @Override
    public void write(Html html) {
        Report report = material.report();
        if (report.prediction() == null) {
            Parts.none(html, "Nothing was predicted: the run did not come so far.");
            return;
        }
        html.leaf(
                        "p",
                        "Rates were "
                                + report.prediction().basis()
                                + ": "
                                + report.prediction().note()
                                + ". Databases on disk: "
                                + Words.bytes(report.prediction().databaseBytes())
                                + ", tables "
                                + Words.bytes(report.prediction().tableBytes())
                                + ", indexes "
                                + Words.bytes(report.prediction().indexBytes())
                                + ".")
                .line();
        List<List<String>> rows = new ArrayList<>();
        for (StepView step : report.steps()) {
            if (step.predicted() != null && step.state().equals("done")) {
                rows.add(row(step.id(), step.predicted(), step.seconds()));
            }
        }
        rows.add(
                row(
                        "without service, all together",
                        report.prediction().downtime(),
                        report.downtimeSeconds()));
        Parts.table(
                html,
                "Each step: predicted before the run changed anything, and what it took",
                3,
                List.of("Step", "Against the range", "Expected", "Range", "Took"),
                rows);
        if (report.guide() != null) {
            guide(html, report.guide(), report);
        }
    }

    private static List<String> row(String what, SpanView span, @Nullable Double seconds) {
        return List.of(
                what,
                seconds == null ? NONE : against(span, seconds),
                Words.seconds(span.expected()),
                Words.range(span),
                seconds == null ? NONE : Words.seconds(seconds));
    }

    private static String against(SpanView span, double seconds) {
        if (seconds > span.high()) {
            return "longer";
        }
        return seconds < span.low() ? "shorter" : "within";
    }

    private static void guide(Html html, GuideView guide, Report report) {
        List<List<String>> rows = new ArrayList<>();
        for (PhaseRow row : guide.breakdown()) {
            SpanView predicted = row.predicted();
            rows.add(
                    List.of(
                            row.phase(),
                            row.guide(),
                            predicted == null
                                    ? "not in the downtime"
                                    : Words.seconds(predicted.expected()),
                            row.seconds() == null ? NONE : Words.seconds(row.seconds())));
        }
        String took =
                report.downtimeSeconds() == null ? NONE : Words.seconds(report.downtimeSeconds());
        rows.add(List.of("Total downtime", guide.total(), NONE, took));
        rows.add(
                List.of(
                        "Database size " + guide.bySize().size(),
                        guide.bySize().downtime(),
                        NONE,
                        took));
        Parts.table(
                html,
                "Beside what the migration guide expects of the same by hand",
                3,
                List.of("The guide's phase", "By hand", "Predicted", "Took"),
                rows);
    }
}
