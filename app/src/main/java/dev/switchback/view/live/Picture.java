package dev.switchback.view.live;

import dev.switchback.engine.JournalState;
import dev.switchback.engine.JournalState.StepRecord;
import dev.switchback.engine.Runbook;
import dev.switchback.estimate.Prediction;
import dev.switchback.progress.Progress;
import dev.switchback.progress.Progress.LinkFigures;
import dev.switchback.progress.Progress.TableFigures;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a run while it goes: begun from the journal, kept by the run's events. Its times
 * are of one clock, when an event was heard.
 */
public final class Picture {
    private static final Set<String> STOP = Set.of("stop-writers", "return-stop-writers");
    private static final Set<String> START = Set.of("start-writers", "return-start-writers");
    private static final Set<String> FENCE = Set.of("fence-source", "fence-target");
    private static final Set<String> OPEN = Set.of("open-target", "open-source");
    private static final String PREDICTS = "predict-durations";

    private final String migration;
    private final List<Runbook.Entry> entries;
    private final InstantSource clock;
    private final Map<String, State> steps = new LinkedHashMap<>();
    private final Map<String, TableFigures> tables = new LinkedHashMap<>();
    private final Map<String, LinkFigures> links = new LinkedHashMap<>();
    private final Rate rate = new Rate();
    private Optional<Prediction> prediction = Optional.empty();
    private @Nullable String current;
    private @Nullable Instant currentSince;
    private Stretch stopped = Stretch.NONE;
    private Stretch paused = Stretch.NONE;
    private String note = "";

    enum State {
        TODO,
        UNDER_WAY,
        DONE,
        FAILED,
        UNDONE
    }

    /** A time that has begun, and may have ended. */
    record Stretch(@Nullable Instant from, @Nullable Instant until) {
        static final Stretch NONE = new Stretch(null, null);

        boolean underWay() {
            return from != null && until == null;
        }
    }

    public Picture(String migration, Runbook runbook, InstantSource clock) {
        this.migration = migration;
        this.entries = runbook.entries();
        this.clock = clock;
        entries.forEach(e -> steps.put(e.step().id(), State.TODO));
    }

    /** What the journal says, of this attempt. */
    public synchronized Picture from(JournalState state) {
        for (StepRecord record : state.steps()) {
            if (record.attempt() == state.attempt() && steps.containsKey(record.id())) {
                from(record);
            }
        }
        return this;
    }

    private void from(StepRecord record) {
        Instant begun = record.startedAt();
        Instant ended = record.finishedAt();
        switch (record.state()) {
            case INTENT -> {
                begun(record.id(), begun);
            }
            case DONE -> {
                begun(record.id(), begun);
                done(record.id(), ended == null ? begun : ended);
                predicted(record.id(), record.evidence().values());
            }
            case UNDONE, LEFTOVER -> steps.put(record.id(), State.UNDONE);
        }
    }

    public synchronized void on(Progress.Event event) {
        Instant now = clock.instant();
        switch (event) {
            case Progress.StepStarted started -> begun(started.step(), now);
            case Progress.StepDone done -> {
                done(done.step(), now);
                predicted(done.step(), done.evidence());
            }
            case Progress.StepNote said -> note = said.step() + ": " + said.text();
            case Progress.StepMoved moved -> moved(moved, now);
            case Progress.StepFailed failed -> end(failed.step(), State.FAILED);
            case Progress.StepUndone undone -> undone(undone.step(), now);
            case Progress.GuardBroken broken -> {}
            case Progress.Note said -> note = said.text();
            case Progress.Warning warning -> {}
        }
    }

    private void begun(String step, Instant at) {
        steps.replaceAll((id, s) -> id.equals(step) ? State.UNDER_WAY : s);
        if (!step.equals(current)) {
            tables.clear();
            rate.forget();
            current = step;
            currentSince = at;
            note = "";
        }
        if (STOP.contains(step) && stopped.from() == null) {
            stopped = new Stretch(at, null);
        }
        if (FENCE.contains(step) && paused.from() == null) {
            paused = new Stretch(at, null);
        }
    }

    private void done(String step, Instant at) {
        end(step, State.DONE);
        if (START.contains(step)) {
            stopped = new Stretch(stopped.from(), at);
        }
        if (OPEN.contains(step)) {
            paused = new Stretch(paused.from(), at);
        }
    }

    private void undone(String step, Instant at) {
        end(step, State.UNDONE);
        if (STOP.contains(step) && stopped.underWay()) {
            stopped = new Stretch(stopped.from(), at);
        }
        if (FENCE.contains(step) && paused.underWay()) {
            paused = new Stretch(paused.from(), at);
        }
    }

    private void end(String step, State state) {
        steps.replaceAll((id, s) -> id.equals(step) ? state : s);
        if (step.equals(current)) {
            current = null;
            currentSince = null;
            tables.clear();
            note = "";
        }
    }

    private void predicted(String step, Map<String, String> evidence) {
        if (step.equals(PREDICTS)) {
            prediction = Prediction.parse(evidence);
        }
    }

    private void moved(Progress.StepMoved moved, Instant now) {
        switch (moved.figures()) {
            case TableFigures table -> {
                TableFigures before = tables.put(table.table(), table);
                rate.add(table.bytes() - (before == null ? 0 : before.bytes()), now);
            }
            case LinkFigures link -> links.put(link.database(), link);
        }
    }

    /** What to draw now, none wider and not more than that. */
    public List<String> lines(Look look, int width, int height) {
        return Rendering.lines(frame(), look, width, height);
    }

    /** What stays when the run has ended: the times that users were without service. */
    public List<String> last(Look look) {
        return Rendering.last(frame(), look);
    }

    /** A view of it that does not change any more. */
    synchronized Frame frame() {
        Instant now = clock.instant();
        Forecast forecast =
                new Forecast(prediction, entries, steps, tables.values(), rate.perSecond(now));
        return new Frame(
                migration,
                now,
                entries.stream()
                        .map(e ->
                                new Frame.Step(
                                        e.step().id(),
                                        e.step().title(),
                                        e.phase(),
                                        steps.getOrDefault(e.step().id(), State.TODO)))
                        .toList(),
                current,
                currentSince,
                List.copyOf(tables.values()),
                rate.perSecond(now),
                List.copyOf(links.values()),
                stopped,
                paused,
                forecast.serviceBack(current, currentSince, now, stopped.underWay()),
                forecast.allDone(current, currentSince, now),
                prediction.map(Prediction::downtime),
                note);
    }
}
