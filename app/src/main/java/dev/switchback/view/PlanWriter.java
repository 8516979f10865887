package dev.switchback.view;

import dev.switchback.view.Documents.Plan;
import dev.switchback.view.Documents.PlannedStep;
import java.util.Locale;

/** The plan for people. */
public final class PlanWriter {
    private PlanWriter() {}

    public static String text(Plan plan) {
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
        text.append(EndpointLines.of("change", plan.endpoints()));
        text.append("size       ").append(TimingText.sizes(plan.prediction())).append('\n');
        text.append("downtime   ")
                .append(TimingText.words(plan.prediction().downtime()))
                .append(", all in all ")
                .append(TimingText.words(plan.prediction().total()))
                .append('\n');
        text.append("           ").append(TimingText.basis(plan.prediction())).append('\n');
        if (plan.window() != null) {
            text.append("window     ")
                    .append(plan.window().window())
                    .append(": the predicted cutover, ")
                    .append(TimingText.words(plan.window().cutover()))
                    .append(plan.window().fits() ? ", fits\n" : ", DOES NOT FIT\n");
        }
        text.append("hash       ").append(plan.hash()).append('\n');
        text.append(
                "\n  phase     step                         downtime  undone at        predicted\n");
        for (PlannedStep step : plan.steps()) {
            text.append(
                    String.format(
                            Locale.ROOT,
                            "  %-9s %-28s %-9s %-16s %s%s%n",
                            step.phase(),
                            step.id(),
                            step.inDowntime() ? "yes" : "",
                            step.undoneAt(),
                            TimingText.column(step.prediction()),
                            step.commitPoint()
                                    ? "   <- commit point: after this nothing is put back by itself"
                                    : ""));
        }
        return text.append(TimingText.guide(plan.guide(), plan.prediction().downtime(), null))
                .toString();
    }
}
