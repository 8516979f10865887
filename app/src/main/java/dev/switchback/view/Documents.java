package dev.switchback.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.switchback.engine.Finding;
import dev.switchback.fault.Problem;
import dev.switchback.view.TimingViews.GuideView;
import dev.switchback.view.TimingViews.PredictionView;
import dev.switchback.view.TimingViews.SpanView;
import dev.switchback.view.TimingViews.WindowView;
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
     * @param prediction seconds it is expected to take
     */
    public record PlannedStep(
            String id,
            String phase,
            String title,
            boolean inDowntime,
            String undoneAt,
            boolean commitPoint,
            SpanView prediction) {}

    /**
     * @param boundaries every point at which a kill leaves a different journal: {@code
     *     <step>:<intent|applied|done>}
     * @param returnBoundaries the same of the way back that this migration would take
     * @param hash for {@code migrate --plan}
     * @param hashSections the hash of each thing that the plan depends on, by its name
     * @param guide what the guide expects of the way by hand
     * @param window null when the document has none
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
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
            List<String> boundaries,
            List<String> returnBoundaries,
            String hash,
            Map<String, String> hashSections,
            PredictionView prediction,
            GuideView guide,
            @Nullable WindowView window) {}

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
     * @param predicted seconds expected before the run; null when nothing was
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record StepView(
            String id,
            String phase,
            String state,
            boolean inDowntime,
            @Nullable Double seconds,
            @Nullable SpanView predicted,
            Instant startedAt,
            Map<String, String> evidence) {}

    public record WriterView(String writer, String replicas) {}

    /**
     * @param state {@code free}, {@code withData}, {@code loses-writes} or {@code impossible}
     * @param atLeast row changes that would be lost at least; null when none, or not counted
     * @param since when it became so; null when the journal does not say
     * @param windowEnds when the way back with data ended or is meant to end; null when there is
     *     none
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record RollbackView(
            String state,
            String reason,
            @Nullable Long atLeast,
            @Nullable Instant since,
            @Nullable Instant windowEnds) {
        /** As people read it. */
        public String words() {
            return switch (state) {
                case "withData" -> "with data";
                case "loses-writes" ->
                        atLeast == null ? "loses writes" : "loses at least " + atLeast + " writes";
                default -> state;
            };
        }
    }

    /**
     * @param state {@code streaming}, {@code none} or {@code broken}
     */
    public record ReverseLinkView(String state, String reason) {}

    /**
     * @param mode {@code dump}, {@code existing}, {@code none}; {@code unsaid} when the document
     *     says nothing
     * @param state {@code proven}, {@code judged} (an existing one), {@code none}, or {@code
     *     missing}: wanted and not there
     * @param location where a dump lies
     * @param bytes its size
     * @param takenAt when it was begun
     * @param detail what was proven, or found
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record BackupView(
            String mode,
            String state,
            @Nullable String location,
            @Nullable Long bytes,
            @Nullable String takenAt,
            String detail) {}

    /**
     * What a migration did or stands at; printed by {@code migrate}, {@code report}, {@code
     * rollback} and {@code abort}.
     *
     * @param result {@code migrated}, {@code blocked}, {@code rolledBack}, {@code aborted}, {@code
     *     stopped}, {@code waiting}, {@code interrupted}, {@code incomplete}, {@code unknown},
     *     {@code returned}, {@code stayed}, {@code paused}, {@code running}
     * @param liveSide {@code source}, {@code target}, or {@code none} while neither may be written
     * @param downtimeSeconds by the journal's clock, from the first writer stopped until all were
     *     ready; null when none
     * @param writePauseSeconds by the journal's clock, from the fence until the target was open;
     *     null when it came to neither
     * @param returnDowntimeSeconds as {@code downtimeSeconds}, of the way back
     * @param contentProven every table compared on the two pinned snapshots
     * @param success the guide's lines of success as the run saw them; empty when it never came
     *     there
     * @param checklists the guide's three checklists, as they stand now
     * @param prediction what the run expected before it changed anything; null when it did not come
     *     so far
     * @param guide the guide's two timing tables, with prediction and reality; null like that
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
            @Nullable Double writePauseSeconds,
            @Nullable Double returnDowntimeSeconds,
            @Nullable PredictionView prediction,
            @Nullable GuideView guide,
            List<StepView> steps,
            int tablesVerified,
            int mismatches,
            boolean contentProven,
            List<SuccessView> success,
            List<WriterView> writersRestored,
            List<EndpointView> endpointsSwitched,
            BackupView backup,
            RollbackView rollback,
            ReverseLinkView reverseLink,
            List<ProblemView> problems,
            List<ProblemView> leftovers,
            List<Checklist> checklists) {}

    /** A checklist of the guide. */
    public record Checklist(String title, List<Box> boxes) {}

    /**
     * @param evidence what ticks it, or why it is open
     */
    public record Box(String text, boolean ticked, String evidence) {}

    /**
     * @param outcome {@code good}, {@code differs}, {@code not-compared} or {@code unknown}
     * @param notes what is no damage: known differences, tables written since the switch
     */
    public record PartView(
            String id,
            String outcome,
            String evidence,
            List<ProblemView> problems,
            List<String> notes) {}

    /**
     * One line of the guide's "migration success".
     *
     * @param answer {@code yes}, {@code no} or {@code unknown}
     */
    public record SuccessView(String line, String answer, String evidence) {}

    /**
     * What {@code validate} found.
     *
     * @param verdict {@code equal}, {@code different} or {@code unknown}
     * @param cut what the sides have in common: {@code quiet}, {@code source-fenced} or {@code
     *     none}
     * @param success seven lines; empty before the target serves
     */
    public record Validation(
            String apiVersion,
            String kind,
            String migration,
            String verdict,
            String cut,
            boolean frozen,
            List<PartView> parts,
            List<SuccessView> success) {}

    /**
     * @param paused who paused the migration and when; null when nobody did
     * @param approved who approved the cutover of this attempt and when
     */
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
            @Nullable String waitingFor,
            int stepsDone,
            int stepsAll,
            RollbackView rollback,
            ReverseLinkView reverseLink,
            @Nullable String paused,
            @Nullable String approved) {}

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
