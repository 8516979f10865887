package dev.switchback.view;

import dev.switchback.engine.Facts;
import dev.switchback.engine.JournalState;
import dev.switchback.engine.JournalState.StepRecord;
import dev.switchback.engine.JournalState.StepState;
import dev.switchback.spec.Backup;
import dev.switchback.spec.Migration;
import dev.switchback.view.Documents.BackupView;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the report says about the safety backup. */
final class BackupLine {
    private BackupLine() {}

    static BackupView of(Migration migration, JournalState state) {
        Optional<Backup> wanted = migration.backup();
        String mode = wanted.map(b -> b.mode().word()).orElse("unsaid");
        Optional<Facts> taken =
                Stream.of("take-final-backup", "take-safety-backup")
                        .flatMap(step -> state.step(step).stream())
                        .filter(r -> r.state() == StepState.DONE)
                        .map(StepRecord::evidence)
                        .filter(f -> f.get("provenInAttempt").isPresent())
                        .findFirst();
        if (taken.isPresent()) {
            return taken(mode, taken.get());
        }
        return wanted.map(b -> untaken(b.mode(), mode, state))
                .orElseGet(() -> view(mode, "none", "no backup was taken or proven"));
    }

    private static BackupView untaken(Backup.Mode wanted, String mode, JournalState state) {
        return switch (wanted) {
            case NONE -> view(mode, "none", "the document says that none is wanted");
            case DUMP -> view(mode, "missing", "not taken, or not in this attempt");
            case EXISTING -> {
                Facts found =
                        state.step("check-backup").map(StepRecord::evidence).orElse(Facts.NONE);
                String seen =
                        Stream.of("logicalBackup", "baseBackup")
                                .flatMap(name -> found.get(name).stream())
                                .collect(Collectors.joining("; "));
                yield seen.isEmpty()
                        ? view(mode, "missing", "not looked for yet, or none was found")
                        : view(mode, "judged", seen);
            }
        };
    }

    private static BackupView taken(String mode, Facts facts) {
        String keys = facts.get("keyTables").orElse("");
        return new BackupView(
                mode,
                "proven",
                facts.get("location").orElse(null),
                facts.get("bytes").map(Long::valueOf).orElse(null),
                facts.get("takenAt").orElse(null),
                facts.get("tables").orElse("?")
                        + " tables in its contents, read back; "
                        + (keys.isEmpty() ? "no key table restored" : "restored: " + keys));
    }

    private static BackupView view(String mode, String state, String detail) {
        return new BackupView(mode, state, null, null, null, detail);
    }

    static String text(BackupView view) {
        return view.state()
                + (view.location() == null ? "" : ", " + view.location())
                + (view.bytes() == null ? "" : ", " + view.bytes() + " bytes")
                + ": "
                + view.detail();
    }
}
