package dev.switchback.lab.demo;

import dev.switchback.lab.kube.ClusterDns;
import dev.switchback.lab.kube.FakeKube;
import dev.switchback.lab.kube.PodListener;
import dev.switchback.lab.kube.RunningPod;
import dev.switchback.lab.traffic.AppPod;
import dev.switchback.lab.traffic.HostPort;
import dev.switchback.lab.traffic.Ledger;
import dev.switchback.lab.traffic.Pace;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The application processes in the pods: one traffic writer a pod, with the environment the pod
 * started with.
 */
public final class Applications implements PodListener, AutoCloseable {
    private final FakeKube kube;
    private final ClusterDns dns;
    private final Ledger ledger;
    private final Pace pace;
    private final Map<String, AppPod> running = new ConcurrentHashMap<>();

    /**
     * @param kube keeps what the processes log
     */
    Applications(FakeKube kube, Ledger ledger, Pace pace) {
        this.kube = kube;
        this.dns = new ClusterDns(kube);
        this.ledger = ledger;
        this.pace = pace;
    }

    @Override
    public void started(RunningPod pod) {
        if (!pod.env().containsKey("DB_HOST") && !pod.env().containsKey("DATABASE_URL")) {
            return;
        }
        String ca =
                pod.secretFiles().values().stream()
                        .map(files -> files.get("ca.crt"))
                        .filter(text -> text != null)
                        .findFirst()
                        .orElseThrow(() -> new IllegalStateException(pod + " mounts no CA"));
        AppPod process =
                new AppPod(
                        pod.name(),
                        pod.env(),
                        ca,
                        host -> resolve(host, pod.namespace()),
                        ledger,
                        pace,
                        line -> kube.log(pod.namespace(), pod.name(), line));
        running.put(pod.name(), process);
        process.start();
    }

    private Optional<HostPort> resolve(String host, String namespace) {
        return dns.resolve(host, namespace).map(a -> new HostPort(a.host(), a.port()));
    }

    @Override
    public CompletionStage<Void> stopping(RunningPod pod) {
        AppPod process = running.remove(pod.name());
        return process == null
                ? CompletableFuture.completedFuture(null)
                : process.stop(Duration.ofSeconds(20));
    }

    @Override
    public void killed(RunningPod pod) {
        AppPod process = running.remove(pod.name());
        if (process != null) {
            process.stop(Duration.ZERO).toCompletableFuture().join();
        }
    }

    /** How many pods run. */
    public int pods() {
        return running.size();
    }

    /**
     * Waits until every one of at least {@code pods} pods serves; false when that takes longer than
     * the limit.
     */
    public boolean awaitServing(int pods, Duration limit) throws InterruptedException {
        Instant deadline = Instant.now().plus(limit);
        while (Instant.now().isBefore(deadline)) {
            List<AppPod> now = List.copyOf(running.values());
            if (now.size() >= pods && now.stream().allMatch(AppPod::isServing)) {
                return true;
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        return false;
    }

    /** Stops every writer, so that the ledger is final. */
    public void stopAll() {
        List<AppPod> all = List.copyOf(running.values());
        running.clear();
        all.stream()
                .map(p -> p.stop(Duration.ofSeconds(10)).toCompletableFuture())
                .toList()
                .forEach(CompletableFuture::join);
    }

    @Override
    public void close() {
        stopAll();
    }
}
