package dev.switchback.notify;

import dev.switchback.engine.Boundary;
import dev.switchback.engine.Boundary.Kind;
import dev.switchback.engine.Herald;
import dev.switchback.engine.JournalState;
import dev.switchback.engine.JournalState.Status;
import dev.switchback.engine.Tidings;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.kube.Kube;
import dev.switchback.pg.Stopper;
import dev.switchback.spec.Announcement;
import dev.switchback.spec.Hook;
import dev.switchback.spec.HookMoment;
import dev.switchback.spec.Migration;
import dev.switchback.spec.OnFailure;
import dev.switchback.workload.ApplyCommand;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Tells a run's moments to the document's hooks and destinations. At a boundary:
 *
 * <ol>
 *   <li>What is due there: the hooks in the document's order, then the announcement to each
 *       destination. Of a countdown the last that is due; those before it are passed over.
 *   <li>What the journal says was told in this attempt is not told again.
 *   <li>With users in service the run waits until it is told. Without, and when a release begins,
 *       it is told beside by one thread, in order; the run goes on at once.
 *   <li>Told, failed or passed over: journalled. A failure that shall hold the run is not, so that
 *       it is tried again by the next run; what comes after it waits with it.
 * </ol>
 */
public final class Teller implements Herald {
    /** How long the end of a run waits for what is told beside; hooks' own times come on top. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Where progress by the clock is told: at no boundary of the run. */
    private static final Boundary BETWEEN =
            new Boundary(Kind.AFTER_PHASE, Optional.empty(), "", "");

    private final Migration migration;
    private final Messenger messenger;
    private final HookCalls hooks;
    private final Function<JournalState, String> rollback;
    private final Queue queue = new Queue();
    private final BesideStop besideStop = new BesideStop();
    private volatile Optional<ProgressTicks> ticks = Optional.empty();

    /**
     * @param kube where the Secrets of the document are
     * @param rollback what going back would cost now; asked past the commit point only
     */
    public Teller(
            Migration migration,
            Kube kube,
            ApplyCommand apply,
            Function<JournalState, String> rollback) {
        this.migration = migration;
        this.messenger = new Messenger(migration, kube);
        this.hooks = new HookCalls(messenger.courier(), apply);
        this.rollback = rollback;
    }

    @Override
    public void begin(Tidings tidings) {
        if (messenger.everyPercent() > 0 && !tidings.runbook().returning()) {
            ProgressTicks started =
                    new ProgressTicks(
                            messenger.everyPercent(),
                            tidings,
                            () ->
                                    situation(
                                            BETWEEN,
                                            Announcement.PROGRESS.word(),
                                            tidings,
                                            s -> ""),
                            share -> progress(share, tidings));
            ticks = Optional.of(started);
            started.start();
        }
    }

    @Override
    public Optional<Problem> at(Boundary boundary, Tidings tidings) throws InterruptedException {
        List<Telling> due =
                due(boundary, tidings).stream().filter(t -> !tidings.told(t.what())).toList();
        if (due.isEmpty()) {
            return Optional.empty();
        }
        if (boundary.kind() == Kind.RELEASE_BEGUN || tidings.inDowntime()) {
            beside(due, tidings);
            return Optional.empty();
        }
        Stopper stopper = stopper(boundary, tidings);
        return queue.andWait(() -> tell(due, tidings, stopper, mayHold(tidings)));
    }

    private List<Telling> due(Boundary boundary, Tidings tidings) {
        if (boundary.kind() == Kind.COUNTDOWN) {
            return countdown(boundary, tidings);
        }
        List<Telling> due = new ArrayList<>();
        Moments.hooks(boundary)
                .ifPresent(moment -> {
                    for (Hook hook : migration.hooks()) {
                        if (hook.at() == moment) {
                            due.add(telling(boundary, moment, hook, tidings));
                        }
                    }
                });
        Moments.announcement(boundary)
                .filter(a -> !ofAbort(a) || anythingAnnounced(tidings.state()))
                .ifPresent(a ->
                        due.addAll(
                                messenger.tellings(
                                        boundary.kind(),
                                        a,
                                        a == Announcement.PROGRESS
                                                ? a.word() + " after " + phase(boundary)
                                                : a.word(),
                                        situation(boundary, a.word(), tidings))));
        return due;
    }

    private static boolean ofAbort(Announcement announcement) {
        return announcement == Announcement.ABORT || announcement == Announcement.ABORT_END;
    }

    /** Who was not told that something begins need not hear that it is taken back. */
    private static boolean anythingAnnounced(JournalState state) {
        return state.tellings().stream()
                .anyMatch(t ->
                        t.attempt() == state.attempt()
                                && t.what().startsWith(Messenger.ANNOUNCEMENT));
    }

    private static String phase(Boundary boundary) {
        return boundary.phase().orElseThrow().word();
    }

    private List<Telling> countdown(Boundary boundary, Tidings tidings) {
        Optional<Instant> at = migration.cutoverAt();
        if (at.isEmpty()) {
            return List.of();
        }
        List<Announcement> past = Moments.countdown(at.get(), tidings.now());
        List<Telling> due = new ArrayList<>();
        for (Announcement announcement : past) {
            due.addAll(
                    announcement == past.getLast()
                            ? messenger.tellings(
                                    Kind.COUNTDOWN,
                                    announcement,
                                    announcement.word(),
                                    situation(boundary, announcement.word(), tidings))
                            : messenger.skipped(announcement));
        }
        return due;
    }

    private Telling telling(Boundary boundary, HookMoment moment, Hook hook, Tidings tidings) {
        Supplier<Situation> situation = situation(boundary, moment.word(), tidings);
        String what = "hook " + moment.word() + " " + hook.name();
        return new Telling(
                boundary.kind(),
                what,
                hook.onFailure() == OnFailure.BLOCK,
                stopper ->
                        hooks.call(
                                hook,
                                situation.get(),
                                line -> tidings.note(hook.name() + ": " + line),
                                stopper));
    }

    private Supplier<Situation> situation(Boundary boundary, String moment, Tidings tidings) {
        return () -> situation(boundary, moment, tidings, s -> goingBack(s, rollback));
    }

    private Situation situation(
            Boundary boundary,
            String moment,
            Tidings tidings,
            Function<JournalState, String> goingBack) {
        JournalState state = tidings.state();
        return Situation.of(
                migration,
                state,
                tidings.runbook(),
                tidings.runId(),
                tidings.now(),
                boundary,
                moment,
                goingBack.apply(state));
    }

    /** Before the commit point everything goes back by itself; nobody need be asked. */
    static String goingBack(JournalState state, Function<JournalState, String> rollback) {
        boolean targetServes =
                switch (state.status()) {
                    case COMMITTED, COMPLETED, CLEANING, CLEANED, RETURNING, STAYING -> true;
                    case NEW, RUNNING, RELEASING, RELEASED, RETURN_COMMITTED, RETURNED, ABORTED ->
                            false;
                };
        if (!targetServes) {
            return "free";
        }
        try {
            return rollback.apply(state);
        } catch (SwitchbackException e) {
            return "unknown";
        }
    }

    /** Elsewhere the engine goes on whatever we answer, so the failure is journalled at once. */
    private static boolean mayHold(Tidings tidings) {
        return tidings.state().status() == Status.RUNNING && !tidings.inDowntime();
    }

    /** What was stopped already is being put back: that is told nevertheless. */
    private static Stopper stopper(Boundary boundary, Tidings tidings) {
        return switch (boundary.kind()) {
            case RELEASE_BEGUN, RELEASE_ENDED, RETURN_ENDED -> Stopper.NEVER;
            case BEFORE_PHASE, COUNTDOWN, AFTER_PHASE, COMPLETED, RETURN_BEGUN ->
                    new Stopper() {
                        @Override
                        public void checkpoint() throws InterruptedException {
                            tidings.checkpoint();
                        }

                        @Override
                        public AutoCloseable onStop(Runnable hook) {
                            return tidings.onStop(hook);
                        }
                    };
        };
    }

    private void progress(int share, Tidings tidings) {
        String moment = Announcement.PROGRESS.word();
        List<Telling> due =
                messenger
                        .tellings(
                                Kind.AFTER_PHASE,
                                Announcement.PROGRESS,
                                moment + " " + share + "%",
                                situation(BETWEEN, moment, tidings))
                        .stream()
                        .filter(t -> !tidings.told(t.what()))
                        .toList();
        beside(due, tidings);
    }

    private void beside(List<Telling> due, Tidings tidings) {
        boolean queued =
                due.isEmpty()
                        || queue.beside(() -> {
                            try {
                                tell(due, tidings, besideStop, false);
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            } catch (SwitchbackException e) {
                                // the journal: whether the run may go on is seen by its own writes
                                tidings.note("not journalled as told: " + e.problem().line());
                            } catch (RuntimeException e) {
                                tidings.note("not told: " + e);
                            }
                        });
        if (!queued) {
            tidings.note("not told, too much waits to be told: " + due.getFirst().what());
        }
    }

    /**
     * @return the first failure that shall hold the run
     */
    private static Optional<Problem> tell(
            List<Telling> due, Tidings tidings, Stopper stopper, boolean mayHold)
            throws InterruptedException {
        for (Telling telling : due) {
            if (!tidings.mayAct()) {
                return Optional.empty();
            }
            String result;
            try {
                result = telling.work().call(stopper);
            } catch (SwitchbackException e) {
                if (telling.blocks() && mayHold) {
                    return Optional.of(e.problem());
                }
                tidings.warn(e.problem());
                result = Telling.FAILED + e.problem().what();
            }
            tidings.tell(telling.kind(), telling.what(), result);
        }
        return Optional.empty();
    }

    @Override
    public void end() {
        ticks.ifPresent(ProgressTicks::close);
        Duration longestHook =
                migration.hooks().stream()
                        .map(Hook::timeout)
                        .max(Duration::compareTo)
                        .orElse(Duration.ZERO);
        if (!queue.drained(PATIENCE.plus(longestHook))) {
            besideStop.stop();
        }
        queue.close();
    }
}
