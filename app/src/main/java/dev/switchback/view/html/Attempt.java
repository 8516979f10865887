package dev.switchback.view.html;

import dev.switchback.engine.JournalState.AuditEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The entries of the audit trail from one beginning to the next: an attempt, or a way back.
 *
 * @param name {@code Attempt 2}
 */
record Attempt(String name, List<AuditEntry> entries) {
    private static final String BEGINS = " begins";
    private static final String FIRST = "run takes over, epoch 1";
    private static final String BACK = "Way back";

    /** What a reader should hear of beside the steps that went well. */
    private static final List<String> EVENTS =
            List.of(
                    "releasing: ",
                    "staying: ",
                    "left over ",
                    "incomplete past the commit point: ",
                    "commit unknown: ",
                    "stopped",
                    "waiting before ",
                    "paused before ");

    private static final Set<String> ENDS = Set.of("released", "aborted", "stayed", "completed");

    /** In their order; the first has no beginning of its own in the trail. */
    static List<Attempt> of(List<AuditEntry> audit) {
        List<Attempt> attempts = new ArrayList<>();
        boolean whole = !audit.isEmpty() && audit.getFirst().what().equals(FIRST);
        String name = whole ? "Attempt 1" : "Before what is left of the trail";
        List<AuditEntry> entries = new ArrayList<>();
        for (AuditEntry entry : audit) {
            String begun = begun(entry.what(), name);
            if (!begun.equals(name)) {
                keep(attempts, name, entries);
                entries = new ArrayList<>();
                name = begun;
            }
            entries.add(entry);
        }
        keep(attempts, name, entries);
        return attempts;
    }

    /** What is under way from this entry on. */
    private static String begun(String what, String before) {
        if (what.startsWith("attempt ") && what.endsWith(BEGINS)) {
            return "A" + what.substring(1, what.length() - BEGINS.length());
        }
        boolean back = what.equals("the way back begins") || what.equals("the way back goes on");
        return back && !before.startsWith(BACK)
                ? BACK
                        + " of "
                        + before.substring(0, 1).toLowerCase(Locale.ROOT)
                        + before.substring(1)
                : before;
    }

    /** The take-over of the first run comes before the attempt that it begins. */
    private static void keep(List<Attempt> attempts, String name, List<AuditEntry> entries) {
        boolean worth =
                entries.stream()
                        .anyMatch(
                                e -> !e.what().startsWith("run ") && !e.what().equals("run ended"));
        if (worth) {
            attempts.add(new Attempt(name, List.copyOf(entries)));
        }
    }

    /** Failures, stops and ends; not the steps, and not what persons decided. */
    List<AuditEntry> events() {
        return entries.stream()
                .filter(e ->
                        ENDS.contains(e.what()) || EVENTS.stream().anyMatch(e.what()::startsWith))
                .toList();
    }

    /** Steps that were put back, in that order. */
    List<String> undone() {
        return entries.stream()
                .map(AuditEntry::what)
                .filter(w -> w.startsWith("undone "))
                .map(w -> w.substring("undone ".length()))
                .toList();
    }

    long stepsDone() {
        return entries.stream().filter(e -> e.what().startsWith("done ")).count();
    }
}
