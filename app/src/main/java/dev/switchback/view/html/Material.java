package dev.switchback.view.html;

import dev.switchback.engine.JournalState;
import dev.switchback.engine.JournalState.AuditEntry;
import dev.switchback.engine.Runbook;
import dev.switchback.view.Documents.Report;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a page is made of.
 *
 * @param report the document that {@code report -o json} prints
 * @param state the journal it came from
 * @param runbooks those whose steps the journal may hold: the forward one, then its way back
 * @param madeAt when the page is made; the rollback state was read then
 * @param program the version of this program
 */
record Material(
        Report report, JournalState state, List<Runbook> runbooks, Instant madeAt, String program) {
    Material {
        runbooks = List.copyOf(runbooks);
    }

    /** The step's title, empty when no runbook of this version knows it. */
    String title(String step) {
        return runbooks.stream()
                .flatMap(r -> r.entry(step).stream())
                .findFirst()
                .map(e -> e.step().title())
                .orElse("");
    }

    boolean onTheWayBack(String step) {
        return runbooks.stream().anyMatch(r -> r.returning() && r.entry(step).isPresent());
    }

    /** The last entry of the audit trail that says so. */
    Optional<AuditEntry> last(String what) {
        return state.audit().reversed().stream().filter(e -> e.what().equals(what)).findFirst();
    }

    /** The last one that begins so. */
    Optional<AuditEntry> lastBeginning(String what) {
        return state.audit().reversed().stream().filter(e -> e.what().startsWith(what)).findFirst();
    }
}
