package dev.switchback.view.html;

import dev.switchback.engine.JournalState.AuditEntry;
import dev.switchback.engine.JournalState.StepRecord;
import dev.switchback.engine.JournalState.StepState;
import dev.switchback.engine.Runbook;
import dev.switchback.view.Documents.StepView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A time without service as the journal knows it: from the step that stops the writers until all of
 * them were ready, or had been put back.
 *
 * @param way what was under way
 * @param ended false when it is still going on, as far as the journal says
 * @param parts without gaps; what lies between two steps (looking, journalling, waiting at a gate)
 *     belongs to the later one
 * @param pause within it, when nobody could write; null when it came to neither end
 */
record Outage(
        String way,
        Instant begun,
        Instant until,
        boolean ended,
        List<Part> parts,
        @Nullable Pause pause) {

    /** What a part of the time was spent on. */
    enum Kind {
        STOP("writers stopping"),
        FENCE("fencing"),
        BACKUP("final backup"),
        CARRY("copying and draining"),
        COMPARE("comparing"),
        SWITCH("switching"),
        START("writers starting"),
        PUT_BACK("putting back");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }

        /** For the style sheet. */
        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        static Kind of(String step) {
            return switch (step) {
                case "stop-writers", "return-stop-writers" -> STOP;
                case "fence-source", "fence-target", "close-target" -> FENCE;
                case "take-final-backup" -> BACKUP;
                case "start-writers", "return-start-writers" -> START;
                case "validate-basics", "validate-cut", "validate-return", "pin-snapshots" ->
                        COMPARE;
                case "disable-forward",
                        "create-reverse-link",
                        "switch-endpoints",
                        "open-target",
                        "commit-return",
                        "return-endpoints",
                        "open-source" ->
                        SWITCH;
                default -> step.startsWith("prove-") ? COMPARE : CARRY;
            };
        }
    }

    /**
     * @param expected seconds predicted for its steps; null when nothing was
     */
    record Part(
            Kind kind, List<String> steps, Instant from, Instant until, @Nullable Double expected) {
        double seconds() {
            return Outage.seconds(from, until);
        }
    }

    record Pause(Instant from, Instant until) {
        double seconds() {
            return Outage.seconds(from, until);
        }
    }

    double seconds() {
        return seconds(begun, until);
    }

    private static double seconds(Instant from, Instant until) {
        return Duration.between(from, until).toMillis() / 1000.0;
    }

    /** Those of the attempt that the journal holds: forward, then on the way back. */
    static List<Outage> of(Material material) {
        List<Outage> outages = new ArrayList<>();
        for (Runbook runbook : material.runbooks()) {
            (runbook.returning()
                            ? of(
                                    material,
                                    runbook,
                                    "Way back",
                                    "return-stop-writers",
                                    "return-start-writers",
                                    "fence-target",
                                    "open-source")
                            : of(
                                    material,
                                    runbook,
                                    "Migration",
                                    "stop-writers",
                                    "start-writers",
                                    "fence-source",
                                    "open-target"))
                    .ifPresent(outages::add);
        }
        return outages;
    }

    private static Optional<Outage> of(
            Material material,
            Runbook runbook,
            String way,
            String stop,
            String start,
            String fence,
            String open) {
        Optional<StepRecord> stopped = material.state().step(stop);
        if (stopped.isEmpty()) {
            return Optional.empty();
        }
        Instant begun = stopped.get().startedAt();
        boolean undone = stopped.get().state() == StepState.UNDONE;
        List<Part> parts = new ArrayList<>();
        Instant cursor = begun;
        for (StepRecord record : inDowntime(material, runbook, begun)) {
            Instant end = end(material, record);
            if (end.isAfter(cursor)) {
                add(
                        parts,
                        Kind.of(record.id()),
                        record.id(),
                        cursor,
                        end,
                        expected(material, record));
                cursor = end;
            }
        }
        if (undone) {
            Instant back = material.last("undone " + stop).map(AuditEntry::at).orElse(cursor);
            if (back.isAfter(cursor)) {
                add(parts, Kind.PUT_BACK, "undo", cursor, back, null);
                cursor = back;
            }
        }
        boolean started =
                material.state().step(start).filter(r -> r.state() == StepState.DONE).isPresent();
        return Optional.of(
                new Outage(
                        way,
                        begun,
                        cursor,
                        undone || started,
                        parts,
                        pause(material, fence, open)));
    }

    private static List<StepRecord> inDowntime(Material material, Runbook runbook, Instant begun) {
        return material.state().steps().stream()
                .filter(r -> runbook.entry(r.id()).filter(e -> e.step().inDowntime()).isPresent())
                .filter(r -> !r.startedAt().isBefore(begun))
                .sorted(Comparator.comparing(StepRecord::startedAt))
                .toList();
    }

    /** A step that never ended lasted until things were put back, or until now. */
    private static Instant end(Material material, StepRecord record) {
        Instant finished = record.finishedAt();
        if (finished != null) {
            return finished;
        }
        return material.lastBeginning("releasing: ")
                .or(() -> material.lastBeginning("staying: "))
                .map(AuditEntry::at)
                .filter(at -> at.isAfter(record.startedAt()))
                .orElse(material.madeAt());
    }

    private static @Nullable Double expected(Material material, StepRecord record) {
        return material.report().steps().stream()
                .filter(s -> s.id().equals(record.id()))
                .findFirst()
                .map(StepView::predicted)
                .map(p -> p.expected())
                .orElse(null);
    }

    private static void add(
            List<Part> parts,
            Kind kind,
            String step,
            Instant from,
            Instant until,
            @Nullable Double expected) {
        if (!parts.isEmpty() && parts.getLast().kind() == kind) {
            Part last = parts.removeLast();
            List<String> steps = new ArrayList<>(last.steps());
            steps.add(step);
            Double sum = sum(last.expected(), expected);
            parts.add(new Part(kind, List.copyOf(steps), last.from(), until, sum));
        } else {
            parts.add(new Part(kind, List.of(step), from, until, expected));
        }
    }

    private static @Nullable Double sum(@Nullable Double one, @Nullable Double other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one + other;
    }

    private static @Nullable Pause pause(Material material, String fence, String open) {
        Instant from = material.state().step(fence).map(StepRecord::startedAt).orElse(null);
        Instant until = material.state().step(open).map(StepRecord::finishedAt).orElse(null);
        return from == null || until == null ? null : new Pause(from, until);
    }
}
