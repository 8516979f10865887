package dev.switchback.settle;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchback.kube.Kind;
import dev.switchback.kube.KubeObject;
import dev.switchback.steps.World;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The target's backups and archiving, as its operator tells them. */
final class BackupReader implements Reader {
    static final String NAME = "backups";

    private static final Set<String> FAILED =
            Set.of("failed", "walArchivingFailing", "invalid backup definition");

    private final World world;

    BackupReader(World world) {
        this.world = world;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void read(Look look, Past past) {
        KubeObject cluster = world.target().object();
        List<KubeObject> backups = of(Kind.BACKUP, cluster.name());
        newestEnded(backups)
                .filter(b -> after(b, past.record().committedAt()))
                .ifPresentOrElse(
                        b -> newest(look, b),
                        () -> look.put(Metric.BACKUP_FAILED, 0, "what", "backup"));
        backups.stream()
                .filter(b -> phase(b).equals("completed"))
                .map(BackupReader::ended)
                .flatMap(Optional::stream)
                .max(Comparator.naturalOrder())
                .ifPresent(at ->
                        look.put(
                                Metric.BACKUP_LAST_SUCCESS_TIMESTAMP_SECONDS, at.getEpochSecond()));
        archiving(look, cluster);
        look.put(
                Metric.BACKUP_SCHEDULES,
                of(Kind.SCHEDULED_BACKUP, cluster.name()).stream()
                        .filter(s -> !s.spec().path("suspend").asBoolean(false))
                        .count());
        look.put(Metric.BACKUP_PROVEN, past.record().backupProven() ? 1 : 0);
    }

    private static void newest(Look look, KubeObject backup) {
        boolean failed = FAILED.contains(phase(backup));
        look.say(
                Metric.BACKUP_FAILED,
                failed ? 1 : 0,
                failed
                        ? backup.name()
                                + " is '"
                                + phase(backup)
                                + "' "
                                + backup.status().path("error").asText("")
                        : "",
                "what",
                "backup");
    }

    /** A Cluster without archiving has no such condition. */
    private static void archiving(Look look, KubeObject cluster) {
        for (JsonNode condition : cluster.status().path("conditions")) {
            if (condition.path("type").asText().equals("ContinuousArchiving")) {
                boolean failed = condition.path("status").asText().equals("False");
                look.say(
                        Metric.BACKUP_FAILED,
                        failed ? 1 : 0,
                        failed
                                ? "WAL is not archived: " + condition.path("message").asText("")
                                : "",
                        "what",
                        "archiving");
            }
        }
    }

    private List<KubeObject> of(Kind kind, String cluster) {
        return world.targetKube().list(kind, world.target().namespace(), Map.of()).stream()
                .filter(o -> o.spec().path("cluster").path("name").asText().equals(cluster))
                .toList();
    }

    private static Optional<KubeObject> newestEnded(List<KubeObject> backups) {
        return backups.stream()
                .filter(b -> phase(b).equals("completed") || FAILED.contains(phase(b)))
                // times are whole seconds: of two in one, the completed one says how it stands now
                .max(
                        Comparator.comparing((KubeObject b) -> ended(b).orElse(Instant.MIN))
                                .thenComparing(b -> phase(b).equals("completed")));
    }

    private static boolean after(KubeObject backup, @Nullable Instant committed) {
        return committed == null || !ended(backup).orElse(Instant.MAX).isBefore(committed);
    }

    static String phase(KubeObject backup) {
        return backup.status().path("phase").asText("");
    }

    /** When it ended, or, where it does not say, when it was asked for. */
    static Optional<Instant> ended(KubeObject backup) {
        String text =
                backup.status()
                        .path("stoppedAt")
                        .asText(
                                backup.json()
                                        .path("metadata")
                                        .path("creationTimestamp")
                                        .asText(""));
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
