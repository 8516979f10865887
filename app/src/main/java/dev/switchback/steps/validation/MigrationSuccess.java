package dev.switchback.steps.validation;

import dev.switchback.health.ApplicationHealth;
import dev.switchback.health.ApplicationHealth.Writer;
import dev.switchback.kube.Kind;
import dev.switchback.kube.KubeObject;
import dev.switchback.steps.World;
import dev.switchback.steps.validation.Examined.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The guide's "migration success", line by line; what cannot be read is never yes. */
final class MigrationSuccess {
    private static final Set<String> DATA =
            Set.of(
                    "schema",
                    "extensions",
                    "content",
                    "references",
                    "queries",
                    "sequences",
                    "large-objects");

    /** More error lines a minute than before by this many are an increase. */
    private static final double MORE_ERRORS = 1.0;

    private final World world;
    private final List<Examined> parts;

    MigrationSuccess(World world, List<Examined> parts) {
        this.world = world;
        this.parts = parts;
    }

    List<SuccessLine> lines(
            SuccessLine jobs, Optional<ApplicationHealth> before, ApplicationHealth now) {
        return List.of(
                jobs,
                data(),
                connected(now),
                errors(before, now),
                part("performance metrics within acceptable range", "performance"),
                part("SSL connections working", "tls"),
                backup());
    }

    private SuccessLine data() {
        String line = "data validation passes";
        List<String> differ = words(Outcome.DIFFERS);
        List<String> unknown = words(Outcome.UNKNOWN);
        unknown.addAll(words(Outcome.NOT_COMPARED));
        if (!differ.isEmpty()) {
            return SuccessLine.of(line, false, String.join("; ", differ));
        }
        return unknown.isEmpty()
                ? SuccessLine.of(line, true, String.join("; ", words(Outcome.GOOD)))
                : SuccessLine.unknown(line, String.join("; ", unknown));
    }

    private List<String> words(Outcome outcome) {
        return new ArrayList<>(
                parts.stream()
                        .filter(p -> DATA.contains(p.id()) && p.outcome() == outcome)
                        .map(p -> p.id() + ": " + p.evidence())
                        .toList());
    }

    private static SuccessLine connected(ApplicationHealth now) {
        List<String> unready = new ArrayList<>();
        int ready = 0;
        for (Writer writer : now.writers()) {
            ready += writer.ready();
            if (writer.ready() < writer.asked()) {
                unready.add(
                        writer.name()
                                + " has "
                                + writer.ready()
                                + " of "
                                + writer.asked()
                                + " pods");
            }
        }
        int sessions =
                now.databases().stream()
                        .flatMap(d -> d.sessions().stream())
                        .mapToInt(ApplicationHealth.Sessions::count)
                        .sum();
        String evidence =
                ready
                        + " pods ready, "
                        + sessions
                        + " sessions on the target"
                        + (unready.isEmpty() ? "" : "; " + String.join("; ", unready));
        return SuccessLine.of(
                "applications connect successfully to CNPG",
                unready.isEmpty() && ready > 0 && sessions > 0,
                evidence);
    }

    private static SuccessLine errors(Optional<ApplicationHealth> before, ApplicationHealth now) {
        String line = "no increase in error rates";
        if (before.isEmpty()) {
            return SuccessLine.unknown(line, "the journal holds no baseline");
        }
        List<String> unread = new ArrayList<>(unread(before.get()));
        unread.addAll(unread(now));
        if (!unread.isEmpty()) {
            return SuccessLine.unknown(line, "logs not read: " + String.join("; ", unread));
        }
        double then = perMinute(before.get());
        double since = perMinute(now);
        return SuccessLine.of(
                line,
                since <= then + MORE_ERRORS,
                String.format(
                        Locale.ROOT,
                        "%.1f error lines a minute, %.1f before; %d restarts",
                        since,
                        then,
                        now.writers().stream().mapToInt(Writer::restarts).sum()));
    }

    private static List<String> unread(ApplicationHealth health) {
        return health.writers().stream()
                .filter(w -> !w.log().unread().isEmpty())
                .map(w -> w.name() + ": " + w.log().unread())
                .toList();
    }

    private static double perMinute(ApplicationHealth health) {
        return health.writers().stream().mapToDouble(w -> w.log().errorsPerMinute()).sum();
    }

    private SuccessLine part(String line, String id) {
        @Nullable Examined part =
                parts.stream().filter(p -> p.id().equals(id)).findFirst().orElse(null);
        if (part == null) {
            return SuccessLine.unknown(line, "not looked at");
        }
        return switch (part.outcome()) {
            case GOOD -> SuccessLine.of(line, true, part.evidence());
            case DIFFERS -> SuccessLine.of(line, false, part.problems().getFirst().what());
            case NOT_COMPARED -> SuccessLine.unknown(line, part.evidence());
            case UNKNOWN -> SuccessLine.unknown(line, part.problems().getFirst().what());
        };
    }

    /** Archiving, a schedule, and a backup that was completed. */
    private SuccessLine backup() {
        String line = "backup system operational";
        try {
            KubeObject cluster = world.target().object();
            String archiving = "unknown";
            for (var condition : cluster.status().path("conditions")) {
                if (condition.path("type").asText().equals("ContinuousArchiving")) {
                    archiving = condition.path("status").asText();
                }
            }
            String name = cluster.name();
            long schedules =
                    of(Kind.SCHEDULED_BACKUP, name).stream()
                            .filter(s -> !s.spec().path("suspend").asBoolean(false))
                            .count();
            long completed =
                    of(Kind.BACKUP, name).stream()
                            .filter(b -> b.status().path("phase").asText().equals("completed"))
                            .count();
            String evidence =
                    "WAL archiving "
                            + archiving.toLowerCase(Locale.ROOT)
                            + ", "
                            + schedules
                            + " schedules, "
                            + completed
                            + " completed backups";
            if (archiving.equals("unknown") && schedules > 0 && completed == 0) {
                return SuccessLine.unknown(line, evidence + ": no backup has been made yet");
            }
            return SuccessLine.of(
                    line, archiving.equals("True") && schedules > 0 && completed > 0, evidence);
        } catch (RuntimeException e) {
            return SuccessLine.unknown(line, "cannot be read: " + e.getMessage());
        }
    }

    private List<KubeObject> of(Kind kind, String cluster) {
        return world.targetKube().list(kind, world.target().namespace(), Map.of()).stream()
                .filter(o -> o.spec().path("cluster").path("name").asText().equals(cluster))
                .toList();
    }
}
