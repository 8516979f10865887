package dev.switchback.lab.kube;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that acts on the cluster by itself: workload controllers, the node that runs their
 * pods, both PostgreSQL operators. Two daemon threads, a round every 50 ms. Closing it kills the
 * processes in the pods and leaves the objects.
 */
public final class Controllers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Controllers.class);
    private static final Duration ROUND = Duration.ofMillis(50);

    private final List<PodListener> listeners;
    private final Map<String, CnpgInstance> instances;
    private final Map<String, PatroniCluster> patroni;
    private final CnpgOperator cnpg;
    private final CnpgBackups backups;
    private final ZalandoOperator zalando;
    private final ClusterObjects objects;
    private final List<Controller> all;
    private final List<Thread> threads;
    private final AtomicLong hooks = new AtomicLong();
    private volatile Predicate<RunningPod> ignoresStop = pod -> false;
    private volatile boolean closed;

    /**
     * @param podStart how long a pod takes to be ready
     * @param podStop how long it takes to stop at least
     * @param operators how long an operator takes to notice a change
     */
    public record Timing(Duration podStart, Duration podStop, Duration operators) {
        public static final Timing DEFAULT =
                new Timing(Duration.ofMillis(300), Duration.ofMillis(300), Duration.ofMillis(200));
    }

    private Controllers(FakeKube kube, Timing timing) {
        objects = kube.objects();
        listeners = new CopyOnWriteArrayList<>();
        instances = new ConcurrentHashMap<>();
        cnpg = new CnpgOperator(objects, timing.operators(), instances);
        backups = new CnpgBackups(objects, timing.operators());
        patroni = new ConcurrentHashMap<>();
        zalando = new ZalandoOperator(objects, timing.operators(), patroni);
        List<Controller> workloads =
                List.of(
                        new DeploymentController(objects),
                        new StatefulSetController(objects),
                        new Kubelet(
                                objects,
                                timing.podStart(),
                                timing.podStop(),
                                listeners,
                                pod -> ignoresStop.test(pod)));
        List<Controller> operators =
                List.of(cnpg, backups, zalando, new PatroniAgent(objects, patroni));
        all = Stream.concat(workloads.stream(), operators.stream()).toList();
        threads =
                List.of(
                        loop("lab-controllers", workloads),
                        // apart, because a database that does not answer holds its operator up
                        loop("lab-operators", operators));
    }

    private Thread loop(String name, List<Controller> controllers) {
        return Thread.ofPlatform().daemon().name(name).unstarted(() -> run(controllers));
    }

    public static Controllers start(FakeKube kube) {
        return start(kube, Timing.DEFAULT);
    }

    public static Controllers start(FakeKube kube, Timing timing) {
        Controllers controllers = new Controllers(kube, timing);
        controllers.threads.forEach(Thread::start);
        return controllers;
    }

    /** What runs in the pods that start from now on. */
    public Controllers listen(PodListener listener) {
        listeners.add(listener);
        return this;
    }

    /** The database of the CloudNativePG Cluster with this name. */
    public Controllers instance(String cluster, CnpgInstance instance) {
        instances.put(cluster, instance);
        hooks.incrementAndGet();
        return this;
    }

    /** The servers of the Zalando cluster with this name, the leader first. */
    public Controllers members(String cluster, List<PatroniMember> members) {
        patroni.put(cluster, new PatroniCluster(objects, cluster, members));
        hooks.incrementAndGet();
        return this;
    }

    /** Pods that do not react to SIGTERM: they run until their grace is over, then are killed. */
    public void ignoreStop(Predicate<RunningPod> which) {
        ignoresStop = which;
    }

    /** Puts a CloudNativePG Cluster into another phase, until the next call. */
    public void cnpgPhase(String cluster, String phase) {
        cnpg.phase(cluster, phase);
        hooks.incrementAndGet();
    }

    /** The instance manager forgets what it has applied and applies all of it again. */
    public void restartCnpgInstance(String cluster) {
        cnpg.restartInstance(cluster);
        hooks.incrementAndGet();
    }

    /**
     * Backups of a CloudNativePG Cluster fail from now on.
     *
     * @param words the operator's; null: they are completed again
     */
    public void backupsFail(String cluster, @Nullable String words) {
        backups.failing(cluster, words);
        hooks.incrementAndGet();
    }

    /** Puts a Zalando cluster into another status, until the next call. */
    public void zalandoStatus(String cluster, String status) {
        zalando.status(cluster, status);
        hooks.incrementAndGet();
    }

    /** From now on the lab's Zalando operator does nothing: another one is there. */
    public Controllers withoutZalandoOperator() {
        zalando.away();
        return this;
    }

    private void run(List<Controller> controllers) {
        Map<Controller, Long> idleSince = new HashMap<>();
        while (!closed) {
            for (Controller controller : controllers) {
                long state = objects.revision() + hooks.get();
                if (idleSince.getOrDefault(controller, -1L) != state) {
                    idleSince.put(controller, reconcile(controller) ? -1L : state);
                }
            }
            try {
                Thread.sleep(ROUND);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Whether it wants to be called again without a change. */
    private static boolean reconcile(Controller controller) {
        try {
            return controller.reconcile(Instant.now());
        } catch (RuntimeException e) {
            // a controller survives its errors and tries again, as the real ones do
            LOG.warn("{} will try again", controller.getClass().getSimpleName(), e);
            return true;
        }
    }

    @Override
    public void close() {
        closed = true;
        threads.forEach(Thread::interrupt);
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        all.forEach(Controller::close);
    }
}
