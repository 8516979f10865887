package dev.switchback.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.switchback.engine.JournalState;
import dev.switchback.engine.JournalState.StepRecord;
import dev.switchback.engine.JournalState.StepState;
import dev.switchback.engine.Runbook;
import dev.switchback.estimate.GuideTimes;
import dev.switchback.estimate.Prediction;
import dev.switchback.estimate.Rates;
import dev.switchback.estimate.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The parts of the documents about time: prediction, reality, and the guide's two tables. */
public final class TimingViews {
    private static final String PREDICTED_BY = "predict-durations";

    private TimingViews() {}

    /** A predicted duration in seconds. */
    public record SpanView(double low, double expected, double high) {
        public static SpanView of(Span span) {
            return new SpanView(round(span.low()), round(span.expected()), round(span.high()));
        }

        Span span() {
            return new Span(low, expected, high);
        }

        private static double round(double seconds) {
            return Math.round(seconds * 100) / 100.0;
        }
    }

    /** Bytes a second of one worker, and the seconds of a session and of a statement. */
    public record RatesView(
            long copy, long index, long hash, double connectSeconds, double roundTripSeconds) {
        static RatesView of(Rates rates) {
            return new RatesView(
                    Math.round(rates.copy()),
                    Math.round(rates.index()),
                    Math.round(rates.hash()),
                    rates.connectSeconds(),
                    rates.roundTripSeconds());
        }
    }

    /**
     * @param basis {@code measured} or {@code assumed}: where the rates come from
     * @param note what was measured, or why nothing was
     */
    public record PredictionView(
            String basis,
            String note,
            RatesView rates,
            long databaseBytes,
            long tableBytes,
            long indexBytes,
            SpanView total,
            SpanView downtime) {
        public static PredictionView of(Prediction prediction) {
            return new PredictionView(
                    prediction.rates().basis(),
                    prediction.rates().note(),
                    RatesView.of(prediction.rates()),
                    prediction.databaseBytes(),
                    prediction.tableBytes(),
                    prediction.indexBytes(),
                    SpanView.of(prediction.total()),
                    SpanView.of(prediction.downtime()));
        }
    }

    /** The row of the guide's "Database Size Impact" for this size. */
    public record SizeRow(String size, String backup, String restore, String downtime) {
        static SizeRow of(long bytes) {
            GuideTimes.Row row = GuideTimes.forSize(bytes);
            return new SizeRow(row.size(), row.backup(), row.restore(), row.downtime());
        }
    }

    /**
     * A row of the guide's "Downtime Breakdown" with our steps of the same purpose.
     *
     * @param guide as the guide writes it
     * @param seconds what they took; null when none of them was done
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record PhaseRow(
            String phase,
            String guide,
            List<String> steps,
            @Nullable SpanView predicted,
            @Nullable Double seconds) {}

    /**
     * The guide's two tables, for the way by hand.
     *
     * @param total the guide's own total of the breakdown
     */
    public record GuideView(SizeRow bySize, List<PhaseRow> breakdown, String total) {}

    /**
     * @param fits the whole span of the cutover fits
     */
    public record WindowView(String window, SpanView cutover, boolean fits) {}

    /** What the run predicted before it changed anything. */
    static Optional<Prediction> predicted(JournalState state) {
        return done(state, PREDICTED_BY).flatMap(r -> Prediction.parse(r.evidence().values()));
    }

    private static Optional<StepRecord> done(JournalState state, String step) {
        return state.step(step).filter(s -> s.state() == StepState.DONE);
    }

    public static GuideView guide(Runbook runbook, Prediction prediction) {
        return guide(runbook, prediction, id -> Optional.empty());
    }

    static GuideView guide(Runbook runbook, Prediction prediction, JournalState state) {
        return guide(
                runbook,
                prediction,
                id -> done(state, id).flatMap(r -> Optional.ofNullable(r.seconds())));
    }

    private interface Reality {
        Optional<Double> seconds(String step);
    }

    private static GuideView guide(Runbook runbook, Prediction prediction, Reality reality) {
        List<PhaseRow> rows = new ArrayList<>();
        for (GuideTimes.Phase phase : GuideTimes.BREAKDOWN) {
            List<String> steps =
                    runbook.entries().stream()
                            .filter(e -> e.step().inDowntime())
                            .map(e -> e.step().id())
                            .filter(id -> GuideTimes.phaseOf(id).equals(phase.name()))
                            .toList();
            List<Double> took = steps.stream().flatMap(id -> reality.seconds(id).stream()).toList();
            rows.add(
                    new PhaseRow(
                            phase.name(),
                            phase.duration(),
                            steps,
                            steps.isEmpty()
                                    ? null
                                    : SpanView.of(
                                            steps.stream()
                                                    .flatMap(id -> prediction.step(id).stream())
                                                    .reduce(Span.NONE, Span::plus)),
                            took.isEmpty()
                                    ? null
                                    : took.stream().mapToDouble(Double::doubleValue).sum()));
        }
        return new GuideView(
                SizeRow.of(prediction.databaseBytes()), List.copyOf(rows), GuideTimes.TOTAL);
    }
}
