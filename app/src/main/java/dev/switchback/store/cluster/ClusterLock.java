package dev.switchback.store.cluster;

import dev.switchback.engine.Lock;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.kube.Kind;
import dev.switchback.kube.Kube;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.progress.Progress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * The second lock: a session advisory lock on both servers, with a Lease as the holder's sign of
 * life.
 *
 * <ol>
 *   <li>Open a session on the source and try its lock. The source must answer: it is what must not
 *       be harmed.
 *   <li>If the lock is taken, the predecessor's session lives. With a fresh lease it is alive:
 *       LOCKED. With a stale one it is paused or cut off: end its sessions and try again.
 *   <li>The same on the target; a target that does not answer is noted and skipped, because a
 *       release must be possible while the target is down. Nothing that opens the target can
 *       succeed then anyway.
 *   <li>End every session that a dead predecessor left on either server, so that no half-done
 *       statement of it goes on.
 *   <li>Renew the lease every five seconds until closed.
 * </ol>
 */
public final class ClusterLock implements Lock {
    private static final Duration RENEW = Duration.ofSeconds(5);

    /** How long the source may be silent before the lock counts as lost. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String identity;
    private final Function<String, ConnectionSpec> source;
    private final Function<String, ConnectionSpec> target;
    private final BooleanSupplier sourceGone;
    private final RunLease lease;
    private final InstantSource clock;
    private final Progress progress;

    /**
     * @param identity {@code Migration.identity()}: the advisory key is derived from it
     * @param source from an application name to a session on the source's database {@code postgres}
     * @param target the same for the target
     * @param sourceGone whether the source is deleted on purpose: then the target's lock is enough
     */
    public ClusterLock(
            Kube kube,
            String namespace,
            String migration,
            String identity,
            Function<String, ConnectionSpec> source,
            Function<String, ConnectionSpec> target,
            BooleanSupplier sourceGone,
            InstantSource clock,
            Progress progress) {
        this.identity = identity;
        this.source = source;
        this.target = target;
        this.sourceGone = sourceGone;
        this.lease = new RunLease(kube, namespace, migration, clock);
        this.clock = clock;
        this.progress = progress;
    }

    /** Deletes the sign of life of a migration that is over. */
    public static void forgetLease(Kube kube, String namespace, String migration) {
        kube.delete(Kind.LEASE, namespace, ObjectNames.lease(migration));
    }

    @Override
    public Held acquire(String runId, Optional<String> predecessor) {
        List<ServerLock> locks = new ArrayList<>();
        try {
            if (sourceGone.getAsBoolean()) {
                locks.add(lock(target, runId, predecessor));
                lease.renew(runId);
                return new HeldLocks(locks, runId, target);
            }
            locks.add(lock(source, runId, predecessor));
            try {
                locks.add(lock(target, runId, predecessor));
            } catch (SwitchbackException e) {
                if (e.code() == Code.LOCKED) {
                    throw e;
                }
                progress.on(new Progress.Warning(e.problem()));
            }
            lease.renew(runId);
            return new HeldLocks(locks, runId, source);
        } catch (RuntimeException e) {
            locks.forEach(ServerLock::close);
            throw e;
        }
    }

    private ServerLock lock(
            Function<String, ConnectionSpec> server, String runId, Optional<String> predecessor) {
        ServerLock lock = open(server, runId);
        try {
            if (!lock.tryLock()) {
                boolean stale =
                        lease.silence().map(s -> s.compareTo(RunLease.STALE) > 0).orElse(false);
                if (!stale || predecessor.isEmpty() || !takeOver(lock, predecessor.get())) {
                    throw locked(predecessor);
                }
            }
            int ended = predecessor.map(p -> lock.endSessionsOf(p).size()).orElse(0);
            if (ended > 0) {
                progress.on(new Progress.Note("ended " + ended + " session(s) of an earlier run"));
            }
            return lock;
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private ServerLock open(Function<String, ConnectionSpec> server, String runId) {
        return ServerLock.open(server.apply("switchback/" + runId + "/lock"), identity);
    }

    /** Ends the stale holder's sessions; its locks go with them, a moment later. */
    private static boolean takeOver(ServerLock lock, String predecessor) {
        lock.endSessionsOf(predecessor);
        for (int attempt = 0; attempt < 50; attempt++) {
            if (lock.tryLock()) {
                return true;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(100);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return false;
    }

    private SwitchbackException locked(Optional<String> predecessor) {
        return new SwitchbackException(
                Code.LOCKED,
                identity,
                "another run"
                        + predecessor.map(p -> " (" + p + ")").orElse("")
                        + " holds this migration and is alive",
                "wait for it, or stop it with 'switchback abort' or 'switchback rollback'");
    }

    /**
     * The locks while we have them. A session that is gone – a failover, a network blip – is no
     * loss yet: the lock is taken again, and only when another run has it, or nothing answers for
     * {@link #PATIENCE}, is it lost. Another run that came in between has raised the journal's
     * epoch, so that our next write is refused.
     */
    private final class HeldLocks implements Held {
        private final String runId;
        private final Function<String, ConnectionSpec> server;
        private final ScheduledExecutorService renewer =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("switchback-lease").factory());
        private final AtomicReference<Optional<Problem>> lost =
                new AtomicReference<>(Optional.empty());
        private final List<ServerLock> others;
        private volatile ServerLock sourceLock;
        private Instant seen = clock.instant();
        private boolean taken;

        HeldLocks(List<ServerLock> locks, String runId, Function<String, ConnectionSpec> server) {
            this.runId = runId;
            this.server = server;
            this.sourceLock = locks.getFirst();
            this.others = List.copyOf(locks.subList(1, locks.size()));
            var _ =
                    renewer.scheduleWithFixedDelay(
                            this::tick, RENEW.toMillis(), RENEW.toMillis(), TimeUnit.MILLISECONDS);
        }

        private void tick() {
            if (lost.get().isPresent()) {
                return;
            }
            Optional<Problem> gone = sourceLock.lost();
            if (gone.isPresent()) {
                gone = again(gone.get());
            }
            if (gone.isPresent() && !taken && deletedOnPurpose()) {
                gone = Optional.empty();
            }
            if (gone.isEmpty()) {
                seen = clock.instant();
            }
            lost.set(gone.filter(_ -> taken || silentFor(PATIENCE)));
            renewLease();
        }

        /** The epoch and the target's lock are left; what cannot be read is not known to be so. */
        private boolean deletedOnPurpose() {
            try {
                return sourceGone.getAsBoolean();
            } catch (SwitchbackException e) {
                return false;
            }
        }

        private boolean silentFor(Duration limit) {
            return Duration.between(seen, clock.instant()).compareTo(limit) > 0;
        }

        /** Empty when the lock is ours again. */
        private Optional<Problem> again(Problem gone) {
            try {
                ServerLock fresh = open(server, runId);
                if (!fresh.tryLock()) {
                    fresh.close();
                    taken = true;
                    return Optional.of(
                            new Problem(
                                    Code.EPOCH_LOST,
                                    identity,
                                    "another run took the lock while we were silent",
                                    "look at it with 'switchback status'"));
                }
                sourceLock.close();
                sourceLock = fresh;
                return Optional.empty();
            } catch (SwitchbackException e) {
                return Optional.of(gone);
            }
        }

        private void renewLease() {
            try {
                lease.renew(runId);
            } catch (SwitchbackException e) {
                // the API may be away for a moment; the advisory locks are what counts
                return;
            }
        }

        @Override
        public Optional<Problem> lost() {
            return lost.get();
        }

        @Override
        public void close() {
            renewer.shutdownNow();
            try {
                // a renewal under way would make a lease again that is deleted next
                renewer.awaitTermination(5, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            sourceLock.close();
            others.forEach(ServerLock::close);
        }
    }
}
