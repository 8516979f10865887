package dev.switchback.lab.kube;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Runs the pods of the lab's only node.
 *
 * <ol>
 *   <li>a new pod starts {@code podStart} after it was seen; its environment is read then, once,
 *       and a missing reference keeps it waiting;
 *   <li>a pod with a deletionTimestamp is asked to stop and goes when it has and {@code podStop}
 *       has passed, or when its grace is over: then it is killed first;
 *   <li>a pod removed by force is killed.
 * </ol>
 */
final class Kubelet implements Controller {
    static final String NODE = "lab-node";

    private final ClusterObjects objects;
    private final Duration podStart;
    private final Duration podStop;
    private final List<PodListener> listeners;
    private final Predicate<RunningPod> ignoresStop;
    private final ExecutorService processes = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, PodProcess> running = new HashMap<>();

    Kubelet(
            ClusterObjects objects,
            Duration podStart,
            Duration podStop,
            List<PodListener> listeners,
            Predicate<RunningPod> ignoresStop) {
        this.objects = objects;
        this.podStart = podStart;
        this.podStop = podStop;
        this.listeners = listeners;
        this.ignoresStop = ignoresStop;
    }

    /** What runs in one pod; {@code pod} is null until it has started. */
    private static final class PodProcess {
        final Instant startAt;
        @Nullable RunningPod pod;
        CompletableFuture<Void> work = CompletableFuture.completedFuture(null);
        @Nullable Instant stopFrom;
        Instant deadline = Instant.MAX;

        PodProcess(Instant startAt) {
            this.startAt = startAt;
        }
    }

    @Override
    public boolean reconcile(Instant now) {
        Set<String> present = new HashSet<>();
        for (Pod pod : objects.list(Kind.POD)) {
            if (NODE.equals(pod.getSpec().getNodeName())) {
                String uid = pod.getMetadata().getUid();
                present.add(uid);
                PodProcess process =
                        running.computeIfAbsent(uid, u -> new PodProcess(now.plus(podStart)));
                if (pod.getMetadata().getDeletionTimestamp() != null) {
                    stop(pod, process, now);
                } else if (process.pod == null && !now.isBefore(process.startAt)) {
                    start(pod, process);
                }
            }
        }
        running.entrySet()
                .removeIf(entry -> {
                    boolean gone = !present.contains(entry.getKey());
                    if (gone) {
                        kill(entry.getValue());
                    }
                    return gone;
                });
        return running.values().stream().anyMatch(p -> p.pod == null || p.stopFrom != null);
    }

    private void start(Pod pod, PodProcess process) {
        String namespace = pod.getMetadata().getNamespace();
        PodEnvironment environment = new PodEnvironment(objects, namespace);
        try {
            RunningPod started =
                    new RunningPod(
                            namespace,
                            pod.getMetadata().getName(),
                            PodEnvironment.owner(objects, pod),
                            environment.variables(pod),
                            environment.secretFiles(pod));
            process.pod = started;
            process.work =
                    CompletableFuture.runAsync(
                            () -> listeners.forEach(listener -> listener.started(started)),
                            processes);
            pod.setStatus(PodStates.running(pod));
        } catch (PodEnvironment.Missing e) {
            PodStatus waiting = PodStates.waiting(pod, e.getMessage());
            if (waiting.equals(pod.getStatus())) {
                return;
            }
            pod.setStatus(waiting);
        }
        objects.updateStatus(pod);
    }

    private void stop(Pod pod, PodProcess process, Instant now) {
        @Nullable RunningPod stopped = process.pod;
        if (stopped == null) {
            objects.remove(pod);
            return;
        }
        if (process.stopFrom == null) {
            process.stopFrom = now;
            process.deadline = now.plusSeconds(pod.getMetadata().getDeletionGracePeriodSeconds());
            process.work =
                    ignoresStop.test(stopped)
                            ? new CompletableFuture<>()
                            : process.work.thenComposeAsync(started -> stopAll(stopped), processes);
        }
        boolean overdue = !now.isBefore(process.deadline);
        if (overdue || (process.work.isDone() && !now.isBefore(process.stopFrom.plus(podStop)))) {
            running.remove(pod.getMetadata().getUid());
            if (!process.work.isDone() || process.work.isCompletedExceptionally()) {
                kill(process); // before the pod disappears: no pod, no process
            }
            objects.remove(pod);
        }
    }

    private CompletableFuture<Void> stopAll(RunningPod pod) {
        return CompletableFuture.allOf(
                listeners.stream()
                        .map(listener -> listener.stopping(pod).toCompletableFuture())
                        .toArray(CompletableFuture[]::new));
    }

    private void kill(PodProcess process) {
        @Nullable RunningPod pod = process.pod;
        if (pod != null) {
            listeners.forEach(listener -> listener.killed(pod));
        }
    }

    /** Every process still running is killed; their pods stay as they are. */
    @Override
    public void close() {
        running.values().forEach(this::kill);
        running.clear();
        processes.close();
    }
}
