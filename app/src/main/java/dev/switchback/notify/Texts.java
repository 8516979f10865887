package dev.switchback.notify;

import dev.switchback.spec.Announcement;
import dev.switchback.spec.Placeholder;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;

/** What announcements say: our texts, or the document's templates. */
final class Texts {
    private Texts() {}

    /** Our text, in the same form as a template. */
    static String ours(Announcement announcement) {
        return switch (announcement) {
            case DAY_BEFORE, HOUR_BEFORE ->
                    "{{namespace}}/{{migration}}: the service will be stopped at {{cutoverAt}} to move"
                            + " its database to {{target}}; expected downtime {{predictedDowntime}}.";
            case BEGIN ->
                    "{{namespace}}/{{migration}}: the service is being stopped now to move its"
                            + " database to {{target}}; expected downtime {{predictedDowntime}},"
                            + " until {{predictedEnd}} at the latest by the prediction.";
            case PROGRESS ->
                    "{{namespace}}/{{migration}}: phase {{phase}}, live side {{liveSide}}, downtime"
                            + " so far {{downtime}}, step {{step}}, predicted end {{predictedEnd}}.";
            case COMPLETION ->
                    "{{namespace}}/{{migration}}: the migration is complete, {{target}} serves;"
                            + " downtime {{downtime}}. Issues found: {{issues}}.";
            case DAY_AFTER ->
                    "{{namespace}}/{{migration}}: 24 hours after the switch {{liveSide}} serves;"
                            + " going back: {{rollback}}. Issues found: {{issues}}.";
            case ABORT ->
                    "{{namespace}}/{{migration}}: the migration is being taken back, everything goes"
                            + " back to {{source}}: {{reason}}.";
            case ABORT_END ->
                    "{{namespace}}/{{migration}}: the migration was taken back ({{result}}),"
                            + " {{source}} serves as before.";
            case ROLLBACK ->
                    "{{namespace}}/{{migration}}: the way back to {{source}} begins; going back:"
                            + " {{rollback}}.";
            case ROLLBACK_END ->
                    "{{namespace}}/{{migration}}: the way back has ended ({{result}}), {{liveSide}}"
                            + " serves.";
        };
    }

    /**
     * @param template has known placeholders only; the document's reader sees to that
     * @param quote applied to every value that is put in, not to the template
     */
    static String fill(
            String template, Map<Placeholder, String> words, UnaryOperator<String> quote) {
        return Placeholder.IN_TEXT
                .matcher(template)
                .replaceAll((MatchResult named) ->
                        Matcher.quoteReplacement(
                                Placeholder.of(named.group(1))
                                        .map(p -> quote.apply(shown(words.getOrDefault(p, ""))))
                                        .orElse(named.group())));
    }

    /** A sentence with nothing in it reads like a mistake of ours. */
    private static String shown(String value) {
        return value.isEmpty() ? "unknown" : value;
    }

    /** Slack's own three: what a server said must not become a link or a mention. */
    static String forSlack(String value) {
        return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
