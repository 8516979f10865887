package dev.switchback.zalando;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchback.kube.Kind;
import dev.switchback.kube.Kube;
import dev.switchback.kube.KubeObject;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The CronJob with which the operator dumps a cluster ({@code pg_dumpall} into a bucket), and when
 * it last succeeded.
 */
public final class LogicalBackups {
    /** The operator's default {@code logical_backup_job_prefix}. */
    private static final String PREFIX = "logical-backup-";

    /** The operator cuts the name so that a Job's suffix still fits. */
    private static final int LONGEST = 52;

    private final Kube kube;
    private final String namespace;
    private final String name;

    public LogicalBackups(Kube kube, String namespace, String cluster) {
        this.kube = kube;
        this.namespace = namespace;
        String whole = PREFIX + cluster;
        this.name = whole.length() <= LONGEST ? whole : whole.substring(0, LONGEST);
    }

    /** {@code namespace/name} of the CronJob. */
    public String display() {
        return namespace + "/" + name;
    }

    public String name() {
        return name;
    }

    /** Whether there is such a CronJob. */
    public boolean configured() {
        return kube.get(Kind.CRON_JOB, namespace, name).isPresent();
    }

    /**
     * When a run of it last succeeded, by the CronJob's status or its Jobs that are still there.
     */
    public Optional<Instant> lastSuccess() {
        Optional<KubeObject> cronJob = kube.get(Kind.CRON_JOB, namespace, name);
        Stream<Instant> told =
                cronJob.stream().flatMap(c -> time(c.status().path("lastSuccessfulTime")).stream());
        Stream<Instant> jobs =
                kube.list(Kind.JOB, namespace, Map.of()).stream()
                        .filter(this::ours)
                        .filter(job -> job.status().path("succeeded").asInt() > 0)
                        .flatMap(job -> time(job.status().path("completionTime")).stream());
        return Stream.concat(told, jobs).max(Comparator.naturalOrder());
    }

    private boolean ours(KubeObject job) {
        for (JsonNode owner : job.json().path("metadata").path("ownerReferences")) {
            if (owner.path("kind").asText().equals("CronJob")
                    && owner.path("name").asText().equals(name)) {
                return true;
            }
        }
        return false;
    }

    private static Optional<Instant> time(JsonNode node) {
        try {
            return node.isTextual() ? Optional.of(Instant.parse(node.asText())) : Optional.empty();
        } catch (DateTimeParseException notATime) {
            return Optional.empty();
        }
    }
}
