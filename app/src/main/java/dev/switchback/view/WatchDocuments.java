package dev.switchback.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.switchback.view.Documents.Checklist;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code watch} prints, on the same terms as {@link Documents}. */
public final class WatchDocuments {
    private WatchDocuments() {}

    /**
     * @param state {@code ok}, {@code firing} or {@code unknown}
     * @param what what was seen
     */
    public record AlertView(
            String alert,
            String severity,
            String state,
            Instant since,
            String what,
            String remedy) {}

    /**
     * @param seen {@code session} or {@code refused}
     */
    public record LateWriterView(
            Instant at,
            String seen,
            String address,
            String role,
            String application,
            String database,
            String what) {}

    /**
     * @param change {@code fired} or {@code cleared}
     */
    public record TransitionView(
            String alert, String severity, String change, Instant at, String what) {}

    /**
     * A measurement before the switch and once the target has settled.
     *
     * @param factor how many times slower it became; below a millisecond counts as one
     */
    public record PerformanceView(
            String measurement, double beforeSeconds, double settledSeconds, double factor) {}

    /**
     * @param state {@code requested}, {@code completed}, {@code failed}, {@code proven} or {@code
     *     missing}
     */
    public record FirstBackupView(
            String state, String method, String name, String archivedWal, String words) {}

    /**
     * What watching found.
     *
     * @param result {@code fine}, {@code firing} or {@code unknown}: nothing fires, but something
     *     could not be read
     * @param stableSince start of the stretch without a firing alert; null while one fires
     * @param unread readings that could not be taken at the last look, with why
     * @param performance empty before the target's own baseline is recorded
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record WatchReport(
            String apiVersion,
            String kind,
            String migration,
            String result,
            @Nullable Instant watchedFrom,
            @Nullable Instant lastLook,
            long watchedSeconds,
            long looks,
            @Nullable Instant stableSince,
            List<AlertView> alerts,
            List<TransitionView> transitions,
            List<LateWriterView> lateWriters,
            Map<String, String> unread,
            List<PerformanceView> performance,
            FirstBackupView backup,
            List<Checklist> checklists) {}
}
