package dev.switchback.settle;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.ClockWait;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Stopper;
import dev.switchback.progress.Progress;
import dev.switchback.settle.WatchRecord.AlertEvent;
import dev.switchback.settle.WatchRecord.BackupProof;
import dev.switchback.settle.WatchRecord.Baseline;
import dev.switchback.spec.Settle;
import dev.switchback.steps.World;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Watches both sides after the switch, look by look. A look, in this order:
 *
 * <ol>
 *   <li>Every reader, each on its own: one that fails does not hide the others.
 *   <li>The record is swapped in the cluster, with what the look makes of it.
 *   <li>Transitions not told yet become Kubernetes Events, then are marked as told: a crash in
 *       between tells them at the next look, under the same names.
 * </ol>
 */
public final class Watch {
    private static final Duration LEAST_LOG = Duration.ofSeconds(1);
    private static final Duration MOST_LOG = Duration.ofMinutes(5);
    private static final Duration BACKUP_PATIENCE = Duration.ofHours(6);

    private final World world;
    private final WatchStore store;
    private final String uid;
    private final @Nullable Instant committed;
    private final Optional<Baseline> before;
    private final List<Reader> readers;
    private final Judging judging;
    private final ClusterEvents events;
    private final Progress progress;
    private volatile @Nullable Look last;
    private long lastNanos;

    /**
     * @param migrationUid the journal's
     * @param committed when the target was opened
     * @param before the source's baseline, where the journal holds one
     */
    public Watch(
            World world,
            String migrationUid,
            @Nullable Instant committed,
            Optional<Baseline> before,
            WayBack wayBack,
            Progress progress) {
        this.world = world;
        this.uid = migrationUid;
        this.committed = committed;
        this.before = before;
        this.progress = progress;
        this.store =
                new WatchStore(
                        world.kube(), world.migration().namespace(), world.migration().name());
        this.judging = new Judging(world.migration().settle());
        this.events = new ClusterEvents(world);
        this.readers =
                List.of(
                        // the source first: what was usual there is what the target is judged by
                        ServerReader.ofSource(world),
                        ServerReader.ofTarget(world),
                        new ReachReader(world),
                        new ProbeReader(world.migration().probes()),
                        new ResponseReader(world),
                        new PodReader(world),
                        new BackupReader(world),
                        new WayBackReader(wayBack),
                        new LateWriterReader(world));
    }

    /** What was found so far. */
    public WatchRecord record() {
        return store.read(uid, committed).orElseGet(() -> WatchRecord.first(uid, committed));
    }

    /** What the last look of this process showed; null before it. */
    public @Nullable Look last() {
        return last;
    }

    /** One look at everything, kept and told. */
    public WatchRecord look() throws InterruptedException {
        boolean continuous = last != null;
        WatchRecord old = withBaseline(record());
        Look look = new Look(world.clock().instant(), old.memory());
        Reader.Past past = new Reader.Past(old, sinceLast(old, continuous));
        long begun = System.nanoTime();
        for (Reader reader : readers) {
            read(reader, look, past);
        }
        WatchRecord next =
                store.change(
                        uid, committed, record -> judging.after(record, look, continuous, before));
        last = look;
        lastNanos = begun;
        return tell(next);
    }

    /** The first look already compares with the source. */
    private WatchRecord withBaseline(WatchRecord record) {
        return before.isEmpty() || record.baselines().containsKey(Baselines.BEFORE)
                ? record
                : store.change(uid, committed, r -> judging.withBefore(r, before.get()));
    }

    private static void read(Reader reader, Look look, Reader.Past past)
            throws InterruptedException {
        try {
            reader.read(look, past);
        } catch (InterruptedException e) {
            throw e;
        } catch (SwitchbackException e) {
            if (e.code() == Code.NOT_NOW) {
                throw e;
            }
            look.unread(reader.name(), e.problem().object() + ": " + e.problem().what());
        } catch (SQLException e) {
            look.unread(reader.name(), Pg.words(e));
        } catch (Exception e) {
            look.unread(reader.name(), String.valueOf(e));
        }
        String why = look.unread().get(reader.name());
        look.say(
                Metric.READING_UP,
                why == null ? 1 : 0,
                why == null ? "" : why,
                "reading",
                reader.name());
    }

    /** Logs are written in real time, whatever a drill's clock shows. */
    private Duration sinceLast(WatchRecord record, boolean continuous) {
        Duration gap =
                continuous
                        ? Duration.ofNanos(System.nanoTime() - lastNanos)
                        : Duration.between(lastSeen(record), world.clock().instant());
        Duration whole = Duration.ofSeconds(gap.plusMillis(999).toSeconds());
        return whole.compareTo(LEAST_LOG) < 0
                ? LEAST_LOG
                : whole.compareTo(MOST_LOG) > 0 ? MOST_LOG : whole;
    }

    /** What was logged before the switch is no matter of this side. */
    private Instant lastSeen(WatchRecord record) {
        Instant seen = record.lastLook() == null ? record.committedAt() : record.lastLook();
        return seen == null ? Instant.EPOCH : seen;
    }

    private WatchRecord tell(WatchRecord record) {
        List<AlertEvent> untold = record.transitions().stream().filter(e -> !e.told()).toList();
        List<AlertEvent> told = new ArrayList<>();
        for (AlertEvent event : untold) {
            progress.on(
                    new Progress.Note(
                            event.alert()
                                    + " "
                                    + event.change()
                                    + " ("
                                    + event.severity()
                                    + "): "
                                    + event.what()
                                    + (event.remedy().isEmpty()
                                            ? ""
                                            : "; remedy: " + event.remedy())));
            try {
                events.tell(event);
                told.add(event);
            } catch (SwitchbackException e) {
                progress.on(new Progress.Warning(eventProblem(e.problem())));
            }
        }
        return told.isEmpty() ? record : store.change(uid, committed, r -> judging.told(r, told));
    }

    private static Problem eventProblem(Problem problem) {
        return new Problem(
                problem.code(),
                problem.object(),
                "a Kubernetes Event could not be written, and is tried again at the next look: "
                        + problem.what(),
                problem.remedy());
    }

    /** Heard after each look. */
    @FunctionalInterface
    public interface Listener {
        void looked(Look look, WatchRecord record) throws InterruptedException;
    }

    /**
     * Looks until enough was watched: {@code until} decides after each look.
     *
     * @throws SwitchbackException NOT_NOW once the target does not serve any more
     * @throws InterruptedException when the stopper asks to stop; the record is kept
     */
    public WatchRecord run(Until until, Stopper stopper, Listener listener)
            throws InterruptedException {
        Settle settle = world.migration().settle();
        while (true) {
            Instant begun = world.clock().instant();
            Optional<WatchRecord> record = patientLook();
            Look look = last;
            if (record.isPresent() && look != null) {
                listener.looked(look, record.get());
            }
            if (record.isPresent() && until.over(record.get(), world.clock().instant())) {
                return record.get();
            }
            ClockWait.until(world.clock(), begun.plus(settle.interval()), stopper);
        }
    }

    /** An API server that is away for a moment does not end two days of watching. */
    private Optional<WatchRecord> patientLook() throws InterruptedException {
        try {
            return Optional.of(look());
        } catch (SwitchbackException e) {
            if (last == null || e.code() == Code.NOT_NOW || e.code() == Code.WATCH_UNREADABLE) {
                throw e;
            }
            progress.on(new Progress.Warning(e.problem()));
            return Optional.empty();
        }
    }

    /** Whether watching is over. */
    @FunctionalInterface
    public interface Until {
        boolean over(WatchRecord record, Instant now);
    }

    /**
     * Asks for the target's first backup and proves it.
     *
     * @throws SwitchbackException CNPG_BACKUP_NOT_CONFIGURED or CNPG_BACKUP_NOT_PROVEN
     */
    public BackupProof proveBackup(Stopper stopper) throws InterruptedException {
        return new FirstBackup(
                        world,
                        uid,
                        proof -> {
                            progress.on(
                                    new Progress.Note(
                                            "backup "
                                                    + proof.name()
                                                    + " ("
                                                    + proof.method()
                                                    + "): "
                                                    + proof.words()));
                            store.change(uid, committed, r -> judging.withBackup(r, proof));
                        })
                .prove(BACKUP_PATIENCE, stopper);
    }
}
