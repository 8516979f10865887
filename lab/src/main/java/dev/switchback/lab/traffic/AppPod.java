package dev.switchback.lab.traffic;

import dev.switchback.pg.Pg;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One simulated pod process of the application, or an {@link #external} client. A pod reads its
 * environment once, at construction, resolves the service name anew at each connection, writes
 * while it runs and never otherwise. A pod lives once: for a restart make a new one.
 */
public final class AppPod {
    private final String name;
    private final Supplier<PodSettings> settings;
    private final Ledger ledger;
    private final Pace pace;
    private final PodConnector connector;
    private final Consumer<String> log;
    private final List<Thread> threads = new ArrayList<>();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong replicaReads = new AtomicLong();
    private final AtomicLong replicaFailures = new AtomicLong();
    private boolean started;
    private boolean stopOrdered;
    private boolean serving;
    private boolean refusing;

    /**
     * @param name of the pod; also its sessions' {@code application_name}
     * @param env {@code DATABASE_URL}, or {@code DB_HOST}, {@code DB_NAME}, {@code DB_USER}, {@code
     *     DB_PASS} and optionally {@code DB_SSLMODE}; optionally {@code REPLICA_DB_HOST}. The port
     *     is the resolver's.
     * @param caPem the CA certificate the pod mounts
     * @param resolver cluster DNS: a host of the environment to where it leads now
     * @param ledger who records what the pod was promised
     * @throws IllegalArgumentException when the environment lacks something
     */
    public AppPod(
            String name,
            Map<String, String> env,
            String caPem,
            Function<String, Optional<HostPort>> resolver,
            Ledger ledger,
            Pace pace) {
        this(name, env, caPem, resolver, ledger, pace, line -> {});
    }

    /**
     * @param log the standard output of its container
     */
    public AppPod(
            String name,
            Map<String, String> env,
            String caPem,
            Function<String, Optional<HostPort>> resolver,
            Ledger ledger,
            Pace pace,
            Consumer<String> log) {
        this(name, constant(env, caPem), resolver, ledger, pace, log);
    }

    private AppPod(
            String name,
            Supplier<PodSettings> settings,
            Function<String, Optional<HostPort>> resolver,
            Ledger ledger,
            Pace pace,
            Consumer<String> log) {
        this.name = name;
        this.log = log;
        this.settings = settings;
        this.ledger = ledger;
        this.pace = pace;
        this.connector = new PodConnector(name, settings, resolver, pace.silence());
    }

    private static Supplier<PodSettings> constant(Map<String, String> env, String caPem) {
        PodSettings settings = new PodSettings(PodEnvironment.of(env), caPem);
        return () -> settings;
    }

    /**
     * A client that is no pod: nobody stops it, and it reads anew for every session where its
     * database is.
     *
     * @param env what the environment of a pod that started now would be
     * @param caPem the CA certificate that such a pod would mount
     */
    public static AppPod external(
            String name,
            Supplier<Map<String, String>> env,
            Supplier<String> caPem,
            Function<String, Optional<HostPort>> resolver,
            Ledger ledger,
            Pace pace) {
        return new AppPod(
                name,
                () -> new PodSettings(PodEnvironment.of(env.get()), caPem.get()),
                resolver,
                ledger,
                pace,
                line -> {});
    }

    public String name() {
        return name;
    }

    /** Starts writing; the pod keeps trying when nothing answers. */
    public synchronized void start() {
        if (started || stopOrdered) {
            throw new IllegalStateException("pod " + name + " was started or stopped before");
        }
        started = true;
        PodEnvironment environment = settings.get().environment();
        ledger.event(name, LedgerEvent.Kind.POD_STARTED, environment.host());
        for (int i = 0; i < pace.connections(); i++) {
            run(new WritingSession(this, connector, ledger, pace));
        }
        if (environment.replicaHost() != null) {
            run(new ReadingSession(this, connector, environment.replicaHost()));
        }
    }

    /**
     * SIGTERM: the current transactions are finished, then the sessions closed. What is not done
     * after {@code grace} is killed, sessions cut in the middle.
     *
     * @return completed when nothing of the pod runs any more; the same at every call
     */
    public synchronized CompletionStage<Void> stop(Duration grace) {
        if (stopOrdered) {
            return stopped.copy();
        }
        stopOrdered = true;
        if (!pace.ignoresStop()) {
            stopping.countDown();
        }
        ledger.event(name, LedgerEvent.Kind.POD_STOPPING, "grace " + grace.toMillis() + " ms");
        Thread.ofVirtual().name(name + "-stop").start(() -> awaitOrKill(grace));
        return stopped.copy();
    }

    /** Ready as a readiness probe would see it: the last thing that happened was a commit. */
    public synchronized boolean isServing() {
        return serving && !refusing && !stopOrdered;
    }

    /** Transactions acknowledged to this pod. */
    public long acknowledged() {
        return acknowledged.get();
    }

    public long replicaReads() {
        return replicaReads.get();
    }

    public long replicaFailures() {
        return replicaFailures.get();
    }

    CountDownLatch stopping() {
        return stopping;
    }

    synchronized void served() {
        acknowledged.incrementAndGet();
        if (!serving || refusing) {
            serving = true;
            refusing = false;
            String host = settings.get().environment().host();
            log.accept("I, INFO -- : serving, database " + host);
            ledger.event(name, LedgerEvent.Kind.POD_SERVING, host);
        }
    }

    synchronized void refused(String why) {
        if (!refusing && !stopOrdered) {
            refusing = true;
            log.accept("E, ERROR -- : PG::Error: " + why);
            ledger.event(name, LedgerEvent.Kind.POD_REFUSED, why);
        }
    }

    void readFromReplica(boolean answered) {
        (answered ? replicaReads : replicaFailures).incrementAndGet();
    }

    private void run(Runnable session) {
        threads.add(Thread.ofVirtual().name(name + "-" + threads.size()).start(session));
    }

    private void awaitOrKill(Duration grace) {
        String how = "in time";
        try {
            if (!allEnded(grace)) {
                how = "killed";
                stopping.countDown();
                connector.cutAll();
                threads.forEach(Thread::interrupt);
                if (!allEnded(Duration.ofSeconds(5))) {
                    how = "killed, a session hangs";
                }
            }
        } catch (SQLException e) {
            how = "killed: " + Pg.words(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            how = "interrupted";
        } finally {
            try {
                connector.close();
                ledger.event(name, LedgerEvent.Kind.POD_STOPPED, how);
            } finally {
                stopped.complete(null);
            }
        }
    }

    private boolean allEnded(Duration within) throws InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        for (Thread thread : threads) {
            // at least a moment: a join of zero would not wait at all
            if (!thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())))) {
                return false;
            }
        }
        return true;
    }
}
