package dev.switchback.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.switchback.view.Documents.CheckView;
import dev.switchback.view.Documents.ProblemView;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code cleanup} and {@code verify-clean} print: versioned and only ever grown. */
public final class CleanDocuments {
    private CleanDocuments() {}

    /**
     * @param side {@code source}, {@code target} or {@code kubernetes}
     * @param why null for what is left; for what is kept on purpose, the reason
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record TraceView(String side, String kind, String name, @Nullable String why) {
        /** As people read it. */
        public String words() {
            return side + ": " + kind + " " + name + (why == null ? "" : " – " + why);
        }
    }

    /** A step of the cleanup as journalled. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record CleanupStep(
            String id, String state, @Nullable Double seconds, Map<String, String> evidence) {}

    /**
     * @param result {@code planned} (dry run), {@code refused}, {@code cleaned}, {@code
     *     incomplete}, {@code blocked}, {@code interrupted}
     * @param removes what is removed, or was when it began
     * @param kept what stays on purpose
     * @param deletesSource whether the source itself is deleted
     */
    public record Cleanup(
            String apiVersion,
            String kind,
            String migration,
            String result,
            String status,
            boolean deletesSource,
            List<TraceView> removes,
            List<TraceView> kept,
            List<CheckView> checks,
            List<CleanupStep> steps,
            List<ProblemView> problems) {}

    /**
     * @param verdict {@code clean} or {@code left}
     * @param notes what could not be judged, and why
     */
    public record VerifyClean(
            String apiVersion,
            String kind,
            String migration,
            String verdict,
            List<TraceView> left,
            List<TraceView> kept,
            List<String> notes) {}
}
