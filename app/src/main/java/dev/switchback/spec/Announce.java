package dev.switchback.spec;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Who is told of the migration, and how.
 *
 * @param onFailure of the announcements before the service is stopped; the others only warn
 * @param retries further tries after a first that failed
 * @param timeout of one try
 * @param templates texts that take the place of ours
 * @param everyPercent progress in the cutover, by the predicted time; 0 for the ends of phases only
 */
public record Announce(
        List<Announce.Destination> to,
        OnFailure onFailure,
        int retries,
        Duration timeout,
        Map<Announcement, String> templates,
        int everyPercent) {
    public static final Announce NOBODY =
            new Announce(List.of(), OnFailure.WARN, 3, Duration.ofSeconds(10), Map.of(), 0);

    /** What a destination understands. */
    public enum Form {
        /** {@code {"text": …}}. */
        SLACK("slack"),
        /** The announcement as a document of ours. */
        WEBHOOK("webhook");

        private final String word;

        Form(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    /**
     * One who is told.
     *
     * @param name where it stands in the document: {@code announce.to[0]}
     */
    public record Destination(String name, Announce.Form form, HttpCall call) {}
}
