package dev.switchback.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.switchback.engine.Finding;
import dev.switchback.fault.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The JSON documents that commands print: an interface for scripts, versioned, and only ever grown.
 * Each carries {@code apiVersion} and {@code kind} first.
 */
public final class Documents {
    public static final String API_VERSION = "switchback.dev/v1alpha1";

    private Documents() {}

    /** A problem as programs read it. */
    public record ProblemView(String code, String object, String what, String remedy) {
        public static ProblemView of(Problem problem) {
            return new ProblemView(
                    problem.code().id(), problem.object(), problem.what(), problem.remedy());
        }

        public static List<ProblemView> of(List<Problem> problems) {
            return problems.stream().map(ProblemView::of).toList();
        }
    }

    /**
     * @param undoneAt when its effect is taken back before the commit point
     */
    public record PlannedStep(
            String id,
            String phase,
            String title,
            boolean inDowntime,
            String undoneAt,
            boolean commitPoint) {}

    /**
     * @param boundaries every point at which a kill leaves a different journal: {@code
     *     <step>:<intent|applied|done>}
     */
    public record Plan(
            String apiVersion,
            String kind,
            String migration,
            String strategy,
            String source,
            String target,
            List<String> databases,
            Map<String, String> writers,
            List<EndpointView> endpoints,
            List<PlannedStep> steps,
            List<String> boundaries) {}

    /**
     * One change of an endpoint; values of Secrets are never shown, only the Service names in them.
     */
    public record EndpointView(
            String kind, String namespace, String name, String key, String before, String after) {}

    /**
     * @param level {@code warn}, {@code overridden}, {@code unknown} or {@code fail}
     * @param why why it matters; empty when {@code what} says it all
     */
    public record FindingView(
            String level, String code, String object, String what, String why, String remedy) {
        public static FindingView of(Finding finding) {
            Problem problem = finding.problem();
            return new FindingView(
                    finding.level().word(),
                    problem.code().id(),
                    problem.object(),
                    problem.what(),
                    problem.why(),
                    problem.remedy());
        }
    }

    /**
     * @param chapter the guide's chapter it stands in
     * @param verdict {@code pass}, {@code warn}, {@code fail} or {@code unknown}; unknown blocks
     *     like fail
     * @param problems what blocks
     * @param findings everything found with its weight, {@code problems} included
     */
    public record CheckView(
            String id,
            String title,
            String chapter,
            String verdict,
            Map<String, String> evidence,
            List<ProblemView> problems,
            List<FindingView> findings) {}

    public record Check(
            String apiVersion,
            String kind,
            String migration,
            String verdict,
            List<CheckView> checks) {}

    /**
     * @param state {@code intent}, {@code done}, {@code undone} or {@code leftover}
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record StepView(
            String id,
            String phase,
            String state,
            boolean inDowntime,
            @Nullable Double seconds,
            Instant startedAt,
            Map<String, String> evidence) {}

    public record WriterView(String writer, String replicas) {}

    /**
     * @param state {@code free}, {@code loses-writes} or {@code impossible}
     */
    public record RollbackView(String state, String reason) {}

    /**
     * What a migration did or stands at; printed by {@code migrate}, {@code report}, {@code
     * rollback} and {@code abort}.
     *
     * @param result {@code migrated}, {@code blocked}, {@code rolledBack}, {@code aborted}, {@code
     *     stopped}, {@code waiting}, {@code interrupted}, {@code incomplete}, {@code unknown},
     *     {@code returned}
     * @param liveSide {@code source}, {@code target}, or {@code none} while neither may be written
     * @param downtimeSeconds by the journal's clock, from the first writer stopped until all were
     *     ready; null when none
     * @param contentProven every table compared on the two pinned snapshots
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Report(
            String apiVersion,
            String kind,
            String migration,
            String uid,
            String strategy,
            String result,
            String status,
            String liveSide,
            int attempt,
            @Nullable String sourceVersion,
            @Nullable String targetVersion,
            @Nullable Double downtimeSeconds,
            List<StepView> steps,
            int tablesVerified,
            int mismatches,
            boolean contentProven,
            List<WriterView> writersRestored,
            List<EndpointView> endpointsSwitched,
            RollbackView rollback,
            List<ProblemView> problems,
            List<ProblemView> leftovers) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Status(
            String apiVersion,
            String kind,
            String migration,
            String status,
            String liveSide,
            int attempt,
            @Nullable String runningSince,
            @Nullable String holder,
            @Nullable String currentStep,
            int stepsDone,
            int stepsAll,
            RollbackView rollback) {}

    /**
     * A table's or materialized view's content.
     *
     * @param rowsSource -1 where it does not exist
     * @param differing keys that differ, or different rows where there is no key
     * @param allCounted false when {@code differing} is a lower bound
     * @param examples keys, never values
     * @param unreadable why it could not be compared
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record TableView(
            String kind,
            String schema,
            String name,
            boolean equal,
            long rowsSource,
            long rowsTarget,
            long differing,
            boolean allCounted,
            List<String> examples,
            @Nullable String unreadable) {}

    /**
     * @param kind {@code schema}, {@code table}, {@code materialized view}, {@code sequence} or
     *     {@code large object}
     */
    public record DifferenceView(String kind, String object, String what) {}

    /**
     * What {@code verify} found.
     *
     * @param verdict {@code equal}, {@code different} or {@code unknown}: nothing different was
     *     seen, but not everything could be
     * @param scope {@code database}, or {@code tables} when {@code --tables} chose some
     * @param method {@code digests} or {@code deep}
     * @param rows of the source's tables
     */
    public record Verification(
            String apiVersion,
            String kind,
            String source,
            String target,
            String verdict,
            String scope,
            String method,
            long rows,
            int sequences,
            long largeObjects,
            List<DifferenceView> differences,
            List<DifferenceView> notCompared,
            List<DifferenceView> known,
            List<TableView> tables) {}
}
