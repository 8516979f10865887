package dev.switchback.diagnose;

import dev.switchback.engine.JournalJson;
import dev.switchback.engine.JournalState;
import dev.switchback.engine.JournalState.AuditEntry;
import dev.switchback.engine.JournalState.Holder;
import dev.switchback.steps.World;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where the migration stands, and the last problem that it ended with and did not get over. */
final class JournalLook implements Look {
    private static final Pattern CODE = Pattern.compile("\\bSB-\\d{3}\\b");

    /** After these words in the audit trail a problem before them is over. */
    private static final Pattern OVERCOME =
            Pattern.compile(
                    "completed|returned|aborted|done open-target: committed|.*rollback window closed");

    @Override
    public String name() {
        return "the journal";
    }

    @Override
    public void take(World world, Evidence evidence) {
        Optional<JournalState> read = evidence.situation().state();
        if (read.isEmpty()) {
            evidence.saw(Topic.JOURNAL, world.migration().display(), "status", "not begun");
            return;
        }
        JournalState state = read.get();
        Holder holder = state.run();
        Optional<AuditEntry> last = lastProblem(state.audit());
        Matcher code = CODE.matcher(last.map(AuditEntry::what).orElse(""));
        evidence.saw(
                Topic.JOURNAL,
                world.migration().display(),
                "status",
                state.status().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                "attempt",
                String.valueOf(state.attempt()),
                "run",
                holder == null ? "" : holder.runId() + " by " + holder.who(),
                "code",
                code.find() ? code.group() : "",
                "problem",
                last.map(AuditEntry::what).orElse(""),
                "at",
                last.map(e -> e.at().toString()).orElse(""));
        evidence.text("journal.json", JournalJson.write(state));
    }

    private static Optional<AuditEntry> lastProblem(List<AuditEntry> audit) {
        for (AuditEntry entry : audit.reversed()) {
            if (CODE.matcher(entry.what()).find()) {
                return Optional.of(entry);
            }
            if (OVERCOME.matcher(entry.what()).lookingAt()) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }
}
