package dev.switchback.view.live;

import dev.switchback.engine.Phase;
import dev.switchback.estimate.Span;
import dev.switchback.progress.Progress.LinkFigures;
import dev.switchback.progress.Progress.TableFigures;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * One moment of a run, complete for drawing.
 *
 * @param current the step under way, or null between two
 * @param tables of the step under way
 * @param bytesPerSecond of all tables together over the last seconds
 * @param serviceBack seconds until users have service again; empty when nothing says so
 * @param allDone seconds until the last step is done; empty likewise
 * @param downtime what was predicted
 */
record Frame(
        String migration,
        Instant now,
        List<Step> steps,
        @Nullable String current,
        @Nullable Instant currentSince,
        List<TableFigures> tables,
        double bytesPerSecond,
        List<LinkFigures> links,
        Picture.Stretch stopped,
        Picture.Stretch paused,
        OptionalDouble serviceBack,
        OptionalDouble allDone,
        Optional<Span> downtime,
        String note) {

    record Step(String id, String title, Phase phase, Picture.State state) {}
}
