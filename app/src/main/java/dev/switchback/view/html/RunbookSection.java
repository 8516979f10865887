package dev.switchback.view.html;

import dev.switchback.engine.JournalState.AuditEntry;
import dev.switchback.view.Documents.StepView;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Every step that the journal holds: who, when, how long, and what was seen. */
record RunbookSection(Material material) implements Section {
    @Override
    public String id() {
        return "runbook";
    }

    @Override
    public String title() {
        return "Runbook";
    }

    @Override
    public void write(Html html) {
        if (material.report().steps().isEmpty()) {
            Parts.none(html, "No step was begun in this attempt.");
            return;
        }
        html.leaf("p", "Each step opens to what it saw.", "class", "note").line();
        String phase = null;
        for (StepView step : material.report().steps()) {
            String here = phase(step);
            if (!here.equals(phase)) {
                if (phase != null) {
                    html.close().line();
                }
                phase = here;
                html.leaf("h3", phase).open("div", "class", "steps").line();
            }
            step(html, step);
        }
        html.close().line();
    }

    private String phase(StepView step) {
        if (step.phase().isEmpty()) {
            return "Steps of another version";
        }
        String phase = Character.toUpperCase(step.phase().charAt(0)) + step.phase().substring(1);
        return material.onTheWayBack(step.id()) ? "Way back: " + step.phase() : phase;
    }

    private void step(Html html, StepView step) {
        html.open("details", "class", step.inDowntime() ? "step stopped" : "step")
                .open("summary")
                .open("span", "class", "what")
                .leaf("span", material.title(step.id()), "class", "title")
                .text(" ")
                .leaf("code", step.id());
        if (step.inDowntime()) {
            html.text(" ").leaf("span", "no service", "class", "tag");
        }
        html.close().leaf("span", took(step), "class", "took").close().line();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("State", step.state());
        facts.put("Begun", Words.time(step.startedAt()));
        by(step.id()).ifPresent(e -> facts.put("By", e.who() + ", run " + e.runId()));
        if (step.predicted() != null) {
            facts.put(
                    "Predicted",
                    Words.seconds(step.predicted().expected())
                            + " ("
                            + Words.range(step.predicted())
                            + ")");
        }
        Parts.facts(html, facts);
        if (step.evidence().isEmpty()) {
            Parts.none(html, "No evidence beside its being done.");
        } else {
            html.leaf("h4", "Evidence");
            Parts.facts(html, step.evidence());
        }
        html.close().line();
    }

    private static String took(StepView step) {
        return step.state().equals("done") && step.seconds() != null
                ? Words.seconds(step.seconds())
                : step.state().equals("intent") ? "not ended" : step.state();
    }

    private Optional<AuditEntry> by(String step) {
        return material.last("begin " + step).or(() -> material.lastBeginning("done " + step));
    }
}
