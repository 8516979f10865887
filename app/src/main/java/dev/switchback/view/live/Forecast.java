package dev.switchback.view.live;

import dev.switchback.engine.Runbook;
import dev.switchback.estimate.Prediction;
import dev.switchback.estimate.Span;
import dev.switchback.progress.Progress.TableFigures;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * When it will be over: for the step under way what is measured, where its tables say it, else what
 * was predicted; for later steps what was predicted. Says nothing where nothing was predicted.
 */
final class Forecast {
    private static final Set<String> COPIES = Set.of("copy-tables", "seed-tables");

    private final Optional<Prediction> prediction;
    private final List<Runbook.Entry> entries;
    private final Map<String, Picture.State> steps;
    private final Collection<TableFigures> tables;
    private final double bytesPerSecond;

    Forecast(
            Optional<Prediction> prediction,
            List<Runbook.Entry> entries,
            Map<String, Picture.State> steps,
            Collection<TableFigures> tables,
            double bytesPerSecond) {
        this.prediction = prediction;
        this.entries = entries;
        this.steps = steps;
        this.tables = tables;
        this.bytesPerSecond = bytesPerSecond;
    }

    /** Seconds until the last step of the downtime is done, while it is under way. */
    OptionalDouble serviceBack(
            @Nullable String current, @Nullable Instant since, Instant now, boolean stopped) {
        return stopped
                ? left(e -> e.step().inDowntime(), current, since, now)
                : OptionalDouble.empty();
    }

    /** Seconds until everything is done. */
    OptionalDouble allDone(@Nullable String current, @Nullable Instant since, Instant now) {
        return left(e -> true, current, since, now);
    }

    private OptionalDouble left(
            Predicate<Runbook.Entry> counts,
            @Nullable String current,
            @Nullable Instant since,
            Instant now) {
        boolean known =
                entries.stream()
                        .anyMatch(e -> prediction.flatMap(p -> p.step(e.step().id())).isPresent());
        if (!known) {
            return OptionalDouble.empty();
        }
        double seconds = 0;
        for (Runbook.Entry entry : entries) {
            String id = entry.step().id();
            if (!counts.test(entry)) {
                continue;
            }
            if (id.equals(current) && since != null) {
                seconds += ofCurrent(id, Duration.between(since, now).toMillis() / 1000.0);
            } else if (steps.get(id) == Picture.State.TODO) {
                seconds += expected(id);
            }
        }
        return OptionalDouble.of(seconds);
    }

    private double expected(String id) {
        return prediction.flatMap(p -> p.step(id)).map(Span::expected).orElse(0.0);
    }

    private double ofCurrent(String id, double elapsed) {
        if (COPIES.contains(id) && bytesPerSecond > 0) {
            long sent = tables.stream().mapToLong(TableFigures::bytes).sum();
            long all = prediction.map(Prediction::tableBytes).orElse(0L);
            if (all > sent) {
                return (all - sent) / bytesPerSecond;
            }
        }
        return Math.max(0, expected(id) - elapsed);
    }
}
