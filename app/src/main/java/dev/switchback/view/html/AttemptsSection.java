package dev.switchback.view.html;

import dev.switchback.engine.JournalState.AuditEntry;
import java.util.ArrayList;
import java.util.List;

/** Each attempt with its failures and what was put back, and what persons decided. */
record AttemptsSection(Material material) implements Section {
    /** In the audit trail where a person wrote and no run did. */
    private static final String NO_RUN = "-";

    @Override
    public String id() {
        return "attempts";
    }

    @Override
    public String title() {
        return "Attempts, failures and decisions";
    }

    @Override
    public void write(Html html) {
        for (Attempt attempt : Attempt.of(material.state().audit())) {
            html.leaf("h3", attempt.name()).line();
            AuditEntry first = attempt.entries().getFirst();
            List<String> lines = new ArrayList<>();
            lines.add(
                    "Begun "
                            + Words.time(first.at())
                            + " by "
                            + first.who()
                            + "; "
                            + Words.count(attempt.stepsDone(), "step")
                            + " done.");
            attempt.events().forEach(e -> lines.add(line(e)));
            if (!attempt.undone().isEmpty()) {
                lines.add("Put back, in this order: " + String.join(", ", attempt.undone()) + ".");
            }
            Parts.list(html, lines);
        }
        html.leaf("h3", "Decisions of persons").line();
        List<AuditEntry> decisions =
                material.state().audit().stream().filter(e -> e.runId().equals(NO_RUN)).toList();
        if (decisions.isEmpty()) {
            Parts.none(html, "None beside starting the runs.");
        } else {
            Parts.list(
                    html,
                    decisions.stream()
                            .map(e -> Words.time(e.at()) + ": " + e.what() + ", by " + e.who())
                            .toList());
        }
    }

    private static String line(AuditEntry entry) {
        return Words.clock(entry.at()) + " " + entry.what();
    }
}
