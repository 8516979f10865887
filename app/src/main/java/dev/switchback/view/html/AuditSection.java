package dev.switchback.view.html;

import dev.switchback.engine.JournalState;
import dev.switchback.engine.JournalState.AuditEntry;
import java.util.List;

/** Who did what when, as {@code switchback logs} prints it. */
record AuditSection(Material material) implements Section {
    @Override
    public String id() {
        return "audit";
    }

    @Override
    public String title() {
        return "The journal's audit trail";
    }

    @Override
    public void write(Html html) {
        List<AuditEntry> audit = material.state().audit();
        html.open("details")
                .leaf(
                        "summary",
                        audit.size()
                                + (audit.size() == 1 ? " entry" : " entries")
                                + (audit.size() >= JournalState.MAX_AUDIT
                                        ? "; older ones were dropped"
                                        : ""))
                .line();
        Parts.table(
                html,
                "Audit trail, oldest first",
                0,
                List.of("When (UTC)", "What", "Who", "Run"),
                audit.stream()
                        .map(e -> List.of(Words.time(e.at()), e.what(), e.who(), e.runId()))
                        .toList());
        html.close().line();
    }
}
