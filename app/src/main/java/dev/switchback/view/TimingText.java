package dev.switchback.view;

import dev.switchback.estimate.Span;
import dev.switchback.view.TimingViews.GuideView;
import dev.switchback.view.TimingViews.PhaseRow;
import dev.switchback.view.TimingViews.PredictionView;
import dev.switchback.view.TimingViews.SpanView;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Prediction, reality and the guide's tables, for people. */
final class TimingText {
    private TimingText() {}

    /** {@code 3 min (40 s to 12 min)}. */
    static String words(SpanView span) {
        return span.span().words();
    }

    /** A short column: expected only where the whole span would be too wide to read. */
    static String column(@Nullable SpanView span) {
        return span == null
                ? "-"
                : Span.words(span.expected())
                        + "  "
                        + Span.words(span.low())
                        + " - "
                        + Span.words(span.high());
    }

    static String basis(PredictionView prediction) {
        return prediction.basis().equals("measured")
                ? String.format(
                        Locale.ROOT,
                        "rates measured now: copy %.0f, index %.0f, hash %.0f MB/s (%s)",
                        prediction.rates().copy() / 1e6,
                        prediction.rates().index() / 1e6,
                        prediction.rates().hash() / 1e6,
                        prediction.note())
                : "rates assumed, not measured: " + prediction.note();
    }

    static String sizes(PredictionView prediction) {
        return String.format(
                Locale.ROOT,
                "%.1f MB on disk, %.1f MB of tables, %.1f MB of indexes",
                prediction.databaseBytes() / 1e6,
                prediction.tableBytes() / 1e6,
                prediction.indexBytes() / 1e6);
    }

    /** Both tables of the guide, reality beside them where there is any. */
    static String guide(GuideView guide, SpanView downtime, @Nullable Double seconds) {
        StringBuilder text = new StringBuilder();
        text.append("\n  the guide's phase        by hand       predicted                 took\n");
        for (PhaseRow row : guide.breakdown()) {
            String predicted =
                    row.steps().isEmpty() ? "not in the downtime" : column(row.predicted());
            line(text, row.phase(), row.guide(), predicted, row.seconds());
        }
        line(text, "Total Downtime", guide.total(), column(downtime), seconds);
        line(
                text,
                "Database Size " + guide.bySize().size(),
                guide.bySize().downtime(),
                column(downtime),
                seconds);
        text.append(
                String.format(
                        Locale.ROOT,
                        "  (of that size by hand: backup %s, restore %s)%n",
                        guide.bySize().backup(),
                        guide.bySize().restore()));
        return text.toString();
    }

    private static void line(
            StringBuilder text,
            String phase,
            String guide,
            String predicted,
            @Nullable Double seconds) {
        text.append(
                String.format(
                        Locale.ROOT,
                        "  %-24s %-13s %-25s %s%n",
                        phase,
                        guide,
                        predicted,
                        seconds == null ? "-" : Span.words(seconds)));
    }
}
