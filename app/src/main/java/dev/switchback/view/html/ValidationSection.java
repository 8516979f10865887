package dev.switchback.view.html;

import dev.switchback.engine.JournalState.StepRecord;
import dev.switchback.view.Documents.ProblemView;
import dev.switchback.view.Documents.Report;
import dev.switchback.view.Documents.SuccessView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The guide's lines of success, what was compared, and what was found to differ. */
record ValidationSection(Material material) implements Section {
    private static final String PART = "part.";

    @Override
    public String id() {
        return "validation";
    }

    @Override
    public String title() {
        return "Validation";
    }

    @Override
    public void write(Html html) {
        Report report = material.report();
        html.leaf("h3", "Migration success").line();
        if (report.success().isEmpty()) {
            Parts.none(html, "The run did not come as far as its validation.");
        } else {
            Ticks.write(html, report.success().stream().map(ValidationSection::tick).toList());
        }
        html.leaf("h3", "What was compared").line();
        Parts.list(html, compared(report));
        html.leaf("h3", "Differences and problems").line();
        List<String> found = found(report);
        if (found.isEmpty()) {
            Parts.none(html, "The journal holds none.");
        } else {
            Parts.list(html, found);
        }
    }

    private static Ticks.Tick tick(SuccessView line) {
        return new Ticks.Tick(line.line(), line.answer(), line.evidence());
    }

    private List<String> compared(Report report) {
        List<String> compared = new ArrayList<>();
        compared.add("Content: " + SummarySection.content(report) + ".");
        material.state().step("validate-migration").stream()
                .map(StepRecord::evidence)
                .flatMap(e -> e.under(PART).values().entrySet().stream())
                .map(e -> e.getKey() + ": " + e.getValue())
                .forEach(compared::add);
        return compared;
    }

    private List<String> found(Report report) {
        List<String> found = new ArrayList<>();
        Stream.concat(report.problems().stream(), report.leftovers().stream())
                .map(ValidationSection::line)
                .forEach(found::add);
        for (StepRecord step : material.state().steps()) {
            for (Map.Entry<String, String> fact : step.evidence().values().entrySet()) {
                if (fact.getKey().startsWith("problem") || fact.getKey().startsWith("difference")) {
                    found.add(step.id() + ": " + fact.getValue());
                }
            }
        }
        return found;
    }

    private static String line(ProblemView problem) {
        return problem.code()
                + " "
                + problem.object()
                + ": "
                + problem.what()
                + (problem.remedy().isEmpty() ? "" : "; remedy: " + problem.remedy());
    }
}
