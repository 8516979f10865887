package dev.switchback.steps.validation;

import dev.switchback.fault.Problem;
import java.util.ArrayList;
import java.util.List;

/**
 * What one part of the validation said.
 *
 * @param id stable: {@code schema}, {@code content}
 * @param evidence one line of what was looked at
 * @param problems what is wrong, or why it could not be read
 * @param notes what is worth knowing and is no damage: known differences, tables written since
 */
public record Examined(
        String id, Outcome outcome, String evidence, List<Problem> problems, List<String> notes) {

    /** How it ended. */
    public enum Outcome {
        GOOD,
        /** Something differs; each thing is a problem. */
        DIFFERS,
        /** Not compared, because there is nothing common to compare; the evidence says why. */
        NOT_COMPARED,
        /** Could not be read; never good. */
        UNKNOWN;

        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }

    static Examined of(String id, String evidence, List<Problem> problems, List<String> notes) {
        return new Examined(
                id,
                problems.isEmpty() ? Outcome.GOOD : Outcome.DIFFERS,
                evidence,
                List.copyOf(problems),
                List.copyOf(notes));
    }

    /** With what could not be read beside what was found; then good is out of the question. */
    static Examined of(
            String id,
            String evidence,
            List<Problem> problems,
            List<Problem> unread,
            List<String> notes) {
        if (unread.isEmpty()) {
            return of(id, evidence, problems, notes);
        }
        List<Problem> all = new ArrayList<>(problems);
        all.addAll(unread);
        return new Examined(
                id,
                problems.isEmpty() ? Outcome.UNKNOWN : Outcome.DIFFERS,
                evidence + ", " + unread.size() + " could not be read",
                List.copyOf(all),
                List.copyOf(notes));
    }

    static Examined notCompared(String id, String why) {
        return notCompared(id, why, List.of());
    }

    static Examined notCompared(String id, String why, List<String> notes) {
        return new Examined(id, Outcome.NOT_COMPARED, why, List.of(), List.copyOf(notes));
    }

    static Examined unknown(String id, List<Problem> problems) {
        return new Examined(id, Outcome.UNKNOWN, "cannot be read", problems, List.of());
    }
}
