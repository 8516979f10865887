package dev.switchback.view.html;

import dev.switchback.view.Documents.Report;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The answers that most readers want. */
record SummarySection(Material material) implements Section {
    @Override
    public String id() {
        return "summary";
    }

    @Override
    public String title() {
        return "In short";
    }

    @Override
    public void write(Html html) {
        Report report = material.report();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("Result", report.result() + ", attempt " + report.attempt());
        seconds(facts, "Without service", report.downtimeSeconds());
        seconds(facts, "Write pause", report.writePauseSeconds());
        seconds(facts, "Without service on the way back", report.returnDowntimeSeconds());
        if (report.prediction() != null) {
            facts.put(
                    "Predicted without service",
                    Words.seconds(report.prediction().downtime().expected())
                            + " ("
                            + Words.range(report.prediction().downtime())
                            + ", rates "
                            + report.prediction().basis()
                            + ")");
        }
        facts.put("Content", content(report));
        facts.put("Way back", report.rollback().words() + ": " + report.rollback().reason());
        facts.put("Safety backup", report.backup().state() + ": " + report.backup().detail());
        Parts.facts(html, facts);
    }

    private static void seconds(Map<String, String> facts, String name, @Nullable Double value) {
        if (value != null) {
            facts.put(name, Words.seconds(value) + " by the journal's clock");
        }
    }

    static String content(Report report) {
        if (!report.contentProven()) {
            return "not proven by this run's own comparison";
        }
        return report.mismatches() == 0
                ? "proven equal, every row of " + Words.count(report.tablesVerified(), "table")
                : report.mismatches() + " of " + report.tablesVerified() + " tables differ";
    }
}
