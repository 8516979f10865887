package dev.switchback.notify;

import dev.switchback.engine.Boundary;
import dev.switchback.engine.JournalState;
import dev.switchback.engine.JournalState.Status;
import dev.switchback.engine.JournalState.StepRecord;
import dev.switchback.engine.Runbook;
import dev.switchback.engine.Told;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.kube.Kube;
import dev.switchback.pg.Stopper;
import dev.switchback.progress.Progress;
import dev.switchback.spec.Announcement;
import dev.switchback.spec.Migration;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** Announces what is due when no run holds the migration: how it stands a day after the switch. */
public final class Announcer {
    private static final Duration DAY = Duration.ofHours(24);

    private final Migration migration;
    private final Messenger messenger;
    private final Function<JournalState, String> rollback;
    private final String runId;
    private final Consumer<Told> journal;
    private final Progress progress;

    /**
     * @param rollback what going back would cost now
     * @param journal makes durable that something was told, whoever holds the migration
     */
    public Announcer(
            Migration migration,
            Kube kube,
            Function<JournalState, String> rollback,
            String runId,
            Consumer<Told> journal,
            Progress progress) {
        this.migration = migration;
        this.messenger = new Messenger(migration, kube);
        this.rollback = rollback;
        this.runId = runId;
        this.journal = journal;
        this.progress = progress;
    }

    /**
     * When {@code t+24h} is due; empty before the commit point, and once the source serves again.
     */
    public static Optional<Instant> dayAfter(JournalState state, Runbook forward) {
        boolean targetServes =
                state.status() == Status.COMMITTED || state.status() == Status.COMPLETED;
        return targetServes
                ? forward.commitPoint()
                        .flatMap(state::step)
                        .map(StepRecord::finishedAt)
                        .map(at -> at.plus(DAY))
                : Optional.empty();
    }

    /**
     * Announces {@code t+24h} once it is due, to whom it was not announced yet. A destination that
     * cannot be reached is warned of and not tried again.
     *
     * @param state as it was just read
     * @param issues what watching found since the switch; empty when it found nothing
     * @return to how many it was announced now
     */
    public int due(JournalState state, Runbook forward, Instant now, List<String> issues)
            throws InterruptedException {
        if (dayAfter(state, forward).filter(at -> !now.isBefore(at)).isEmpty()) {
            return 0;
        }
        String moment = Announcement.DAY_AFTER.word();
        Boundary after = new Boundary(Boundary.Kind.COMPLETED, Optional.empty(), "", "");
        int announced = 0;
        for (Telling telling :
                messenger.tellings(
                        Boundary.Kind.COMPLETED,
                        Announcement.DAY_AFTER,
                        moment,
                        () ->
                                Situation.of(
                                                migration,
                                                state,
                                                forward,
                                                runId,
                                                now,
                                                after,
                                                moment,
                                                Teller.goingBack(state, rollback))
                                        .withIssues(issues))) {
            if (!state.told(telling.what())) {
                String result;
                try {
                    result = telling.work().call(Stopper.NEVER);
                    announced++;
                } catch (SwitchbackException e) {
                    progress.on(new Progress.Warning(e.problem()));
                    result = Telling.FAILED + e.problem().what();
                }
                journal.accept(
                        new Told(telling.kind(), telling.what(), state.attempt(), now, result));
            }
        }
        return announced;
    }
}
