package dev.switchback.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code diagnose} prints.
 *
 * @param at when it looked, ISO-8601 in UTC
 * @param status where the migration stands, as the journal says; {@code not-begun} without one
 * @param symptoms what was asked for
 * @param verdict {@code cause-found}, {@code nothing-found}, or {@code incomplete} when nothing was
 *     found and something needed could not be looked at
 * @param causes the surest first
 * @param lookedAt how many facts were gathered, by topic
 * @param unread what could not be looked at, and why
 * @param bundle the archive's files; null when none was asked for
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DiagnosisView(
        String apiVersion,
        String kind,
        String migration,
        String at,
        String status,
        List<String> symptoms,
        String verdict,
        List<CauseView> causes,
        Map<String, Integer> lookedAt,
        List<UnreadView> unread,
        @Nullable List<String> bundle) {

    /**
     * @param id stable, as in docs/diagnose.md
     * @param certainty {@code certain}, {@code likely} or {@code possible}
     */
    public record CauseView(
            String id,
            String symptom,
            String certainty,
            String what,
            List<EvidenceView> evidence) {}

    /**
     * @param command what mends it
     */
    public record EvidenceView(String object, String seen, String command) {}

    /**
     * @param needed false for what is not everywhere, like a metrics server
     */
    public record UnreadView(String what, String why, boolean needed) {}

    /** As people read it. */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (CauseView cause : causes) {
            text.append(
                    String.format(
                            "%-8s  %s  (%s)%n          %s%n",
                            cause.certainty, cause.id, cause.symptom, cause.what));
            for (EvidenceView seen : cause.evidence) {
                text.append("          ")
                        .append(seen.object)
                        .append(": ")
                        .append(seen.seen)
                        .append("\n            mend: ")
                        .append(seen.command)
                        .append('\n');
            }
            text.append('\n');
        }
        if (causes.isEmpty()) {
            text.append("no cause found\n");
        }
        text.append("looked at     ");
        lookedAt.forEach(
                (topic, count) -> text.append(topic).append(' ').append(count).append("  "));
        text.append('\n');
        for (UnreadView gap : unread) {
            text.append(gap.needed ? "not read      " : "left out      ")
                    .append(gap.what)
                    .append(": ")
                    .append(gap.why)
                    .append('\n');
        }
        text.append("result        ").append(verdict.replace('-', ' ')).append('\n');
        if (bundle != null) {
            text.append("bundle        ").append(bundle.size()).append(" files\n");
            bundle.forEach(file -> text.append("  ").append(file).append('\n'));
        }
        return text.toString();
    }
}
