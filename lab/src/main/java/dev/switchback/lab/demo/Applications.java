package dev.switchback.lab.demo;

import com.sun.net.httpserver.HttpServer;
import dev.switchback.lab.kube.ClusterDns;
import dev.switchback.lab.kube.FakeKube;
import dev.switchback.lab.kube.MastodonCluster;
import dev.switchback.lab.kube.PodListener;
import dev.switchback.lab.kube.RunningPod;
import dev.switchback.lab.traffic.AppPod;
import dev.switchback.lab.traffic.HostPort;
import dev.switchback.lab.traffic.Ledger;
import dev.switchback.lab.traffic.Pace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The application processes in the pods: one traffic writer a pod, with the environment the pod
 * started with.
 */
public final class Applications implements PodListener, AutoCloseable {
    private final FakeKube kube;
    private final ClusterDns dns;
    private final Ledger ledger;
    private final Pace pace;
    private final Writing writing;
    private final Map<String, AppPod> running = new ConcurrentHashMap<>();
    private @Nullable HttpServer health;

    /**
     * @param kube keeps what the processes log
     */
    Applications(FakeKube kube, Ledger ledger, Pace pace, Writing writing) {
        this.kube = kube;
        this.dns = new ClusterDns(kube);
        this.ledger = ledger;
        this.pace = pace;
        this.writing = writing;
    }

    /** Who writes. */
    public enum Writing {
        /** The processes in the pods. */
        PODS,
        /**
         * Clients outside the cluster that nobody stops; the pods run, and do nothing. The longest
         * time between two of their commits is what users notice of a migration.
         */
        EXTERNAL
    }

    Writing writing() {
        return writing;
    }

    /** How many clients there are when they are external. */
    static final int CLIENTS = 4;

    /**
     * Longest pause of an external client between two attempts. Each attempt costs both sides a TLS
     * handshake and a login: much oftener, and on two cores the clients slow the cutover down that
     * they measure.
     */
    private static final Duration CLIENT_RETRY = Duration.ofMillis(250);

    /** Starts the external clients; they read where their database is as a new pod would. */
    void startClients() {
        String namespace = MastodonCluster.NAMESPACE;
        for (int i = 0; i < CLIENTS; i++) {
            AppPod client =
                    AppPod.external(
                            "client-" + i,
                            () -> kube.secret(namespace, "mastodon-database-url"),
                            () ->
                                    kube.secret(namespace, MastodonCluster.SOURCE + "-ca")
                                            .getOrDefault("ca.crt", ""),
                            host -> resolve(host, namespace),
                            ledger,
                            pace.withConnections(1)
                                    .withThink(pace.think().dividedBy(2))
                                    .withRetry(CLIENT_RETRY));
            running.put(client.name(), client);
            client.start();
        }
    }

    @Override
    public void started(RunningPod pod) {
        if (writing == Writing.EXTERNAL) {
            return;
        }
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

    /**
     * Where the applications answer whether they serve: 200 when there are pods and the last thing
     * that happened to each was a commit, 503 otherwise.
     */
    public synchronized URI health() {
        HttpServer open = health;
        if (open == null) {
            try {
                InetAddress here = InetAddress.getLoopbackAddress();
                open = HttpServer.create(new InetSocketAddress(here, 0), 0);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            open.createContext(
                    "/health",
                    exchange -> {
                        List<AppPod> now = List.copyOf(running.values());
                        boolean serve = !now.isEmpty() && now.stream().allMatch(AppPod::isServing);
                        exchange.sendResponseHeaders(serve ? 200 : 503, -1);
                        exchange.close();
                    });
            open.start();
            health = open;
        }
        return URI.create("http://127.0.0.1:" + open.getAddress().getPort() + "/health");
    }

    private synchronized void stopHealth() {
        if (health != null) {
            health.stop(0);
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
        stopHealth();
        stopAll();
    }
}
