package dev.switchback.health;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.health.ApplicationHealth.Log;
import dev.switchback.health.ApplicationHealth.Trouble;
import dev.switchback.health.ApplicationHealth.Writer;
import dev.switchback.kube.Kube;
import dev.switchback.kube.KubeObject;
import dev.switchback.spec.Migration.WriterRef;
import dev.switchback.workload.Writers;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The pods and logs of every writer, read side by side. */
final class WriterReader {
    /** Logs of so many pods of a writer stand for all of them. */
    private static final int PODS_WITH_LOGS = 3;

    private static final long STARTING_MILLIS = 200;
    private static final int LOG_LINES = 2_000;
    private static final int LOG_BYTES = 256 * 1024;

    private final Kube kube;
    private final Writers writers;
    private final Duration lookback;

    /**
     * @param lookback how far back logs are read
     */
    WriterReader(Kube kube, Writers writers, Duration lookback) {
        this.kube = kube;
        this.writers = writers;
        this.lookback = lookback;
    }

    /**
     * @param patience reads again within this time while pods are only starting
     */
    List<Writer> read(Duration patience) throws InterruptedException {
        Instant until = Instant.now().plus(patience);
        List<Writer> read = read();
        while (read.stream().anyMatch(WriterReader::isStarting) && Instant.now().isBefore(until)) {
            Thread.sleep(STARTING_MILLIS);
            read = read();
        }
        return read;
    }

    /** Fewer ready than asked, and none that failed: a moment later it may be so. */
    private static boolean isStarting(Writer writer) {
        return writer.ready() < writer.asked() && writer.restarts() == 0;
    }

    private List<Writer> read() throws InterruptedException {
        List<Callable<Writer>> readings = new ArrayList<>();
        for (WriterRef ref : writers.refs()) {
            readings.add(() -> read(ref));
        }
        List<Writer> read = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Writer> future : threads.invokeAll(readings)) {
                read.add(future.get());
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SwitchbackException ours) {
                throw ours;
            }
            throw new IllegalStateException(e.getCause());
        }
        return read;
    }

    private Writer read(WriterRef ref) {
        KubeObject object = writers.object(ref);
        List<KubeObject> pods = writers.podsOf(ref);
        List<Trouble> troubles = new ArrayList<>();
        int restarts = 0;
        int ready = 0;
        for (KubeObject pod : pods) {
            boolean serves = pod.isReady();
            ready += serves ? 1 : 0;
            for (JsonNode container : pod.status().path("containerStatuses")) {
                restarts += container.path("restartCount").asInt(0);
            }
            String trouble = trouble(pod, serves);
            if (!trouble.isEmpty()) {
                troubles.add(new Trouble(pod.name(), trouble, serves));
            }
        }
        int asked =
                ref.kind() == WriterRef.Kind.CRONJOB ? 0 : object.spec().path("replicas").asInt(1);
        return new Writer(ref.toString(), asked, ready, restarts, troubles, log(pods));
    }

    /** Empty when nothing is wrong with it. */
    private static String trouble(KubeObject pod, boolean serves) {
        if (!pod.json().path("metadata").path("deletionTimestamp").asText("").isEmpty()) {
            return serves ? "" : "is being removed";
        }
        for (JsonNode container : pod.status().path("containerStatuses")) {
            String name = container.path("name").asText();
            JsonNode waiting = container.path("state").path("waiting");
            JsonNode last = container.path("lastState").path("terminated");
            int restarts = container.path("restartCount").asInt(0);
            if (!waiting.isMissingNode()) {
                return "container "
                        + name
                        + " waits: "
                        + waiting.path("reason").asText("unknown reason")
                        + (restarts > 0 ? ", restarted " + restarts + " times" : "")
                        + ended(last);
            }
            if (restarts > 0 && isRecent(last.path("finishedAt").asText(""))) {
                return "container " + name + " restarted " + restarts + " times" + ended(last);
            }
        }
        return serves ? "" : "is " + pod.status().path("phase").asText("Pending") + ", not ready";
    }

    private static String ended(JsonNode last) {
        return last.isMissingNode()
                ? ""
                : ", the last time ended with "
                        + last.path("reason").asText("Error")
                        + " (exit "
                        + last.path("exitCode").asInt()
                        + ")";
    }

    private static boolean isRecent(String time) {
        try {
            return Instant.parse(time).isAfter(Instant.now().minus(ApplicationHealth.LOOKBACK));
        } catch (DateTimeParseException e) {
            return true; // a restart at an unknown time may have been just now
        }
    }

    private Log log(List<KubeObject> pods) {
        LogCount count = new LogCount();
        String unread = "";
        for (KubeObject pod : pods.stream().limit(PODS_WITH_LOGS).toList()) {
            for (JsonNode container : pod.spec().path("containers")) {
                try {
                    count.add(
                            kube.log(
                                    pod.namespace(),
                                    pod.name(),
                                    container.path("name").asText(),
                                    lookback,
                                    LOG_LINES,
                                    LOG_BYTES),
                            Instant.now());
                } catch (SwitchbackException e) {
                    // a container that never started has no log; health is told by its status
                    unread = e.problem().what();
                }
            }
        }
        return count.log(unread, Duration.ofSeconds(1));
    }
}
