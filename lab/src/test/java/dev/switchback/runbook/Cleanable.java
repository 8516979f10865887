package dev.switchback.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.switchback.engine.JournalState;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Outcome;
import dev.switchback.engine.RunResult;
import dev.switchback.engine.Runbook;
import dev.switchback.lab.demo.Program;
import dev.switchback.settle.WatchRecord;
import dev.switchback.settle.WatchStore;
import dev.switchback.spec.DocumentReader;
import dev.switchback.steps.cleanup.Inventory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A migrated online world some days later, by the program's clock. */
final class Cleanable implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    final OnlineRig online = new OnlineRig();
    final Rig rig = online.rig;
    final Path document;
    final Instant opened;

    Cleanable() throws Exception {
        RunResult migrated = online.migrate();
        assertThat(migrated.outcome()).as(OnlineRig.words(migrated)).isEqualTo(Outcome.COMPLETED);
        opened =
                Objects.requireNonNull(
                        migrated.state().step("open-target").orElseThrow().finishedAt());
        // somebody's report on the old side would be a reason not to give it up
        rig.lab.noise().stopReport();
        document = document("cleanup.yaml", withBackup());
    }

    String withBackup() {
        return "  backup: {to: {path: "
                + rig.lab.folder().resolve("backup")
                + "}, keyTables: [accounts]}\n";
    }

    /** The migration's document with more fields. */
    Path document(String name, String more) throws IOException {
        return Files.writeString(
                rig.lab.folder().resolve(name), Files.readString(online.document) + more);
    }

    Instant after(Duration time) {
        return opened.plus(time);
    }

    Stage stage(Path path, Instant now) {
        return Stage.open(
                DocumentReader.read(path),
                new Stage.Connect(Optional.of(rig.lab.cleanupKubeconfig()), Optional.empty(), true),
                rig.events::add,
                () -> now);
    }

    /** As if somebody had watched until then. */
    void watched(Instant lastLook, Instant stableFrom, List<String> firing) {
        try (Stage stage = stage(document, lastLook)) {
            JournalState state = stage.requireState();
            new WatchStore(stage.world().kube(), "mastodon", "mastodon")
                    .change(
                            state.uid(),
                            opened,
                            r ->
                                    new WatchRecord(
                                            WatchRecord.API_VERSION,
                                            state.uid(),
                                            opened,
                                            opened,
                                            lastLook,
                                            Duration.between(opened, lastLook).toSeconds(),
                                            100,
                                            firing.isEmpty() ? stableFrom : null,
                                            firing.stream()
                                                    .map(a ->
                                                            new WatchRecord.AlertState(
                                                                    a,
                                                                    WatchRecord.AlertState.FIRING,
                                                                    lastLook,
                                                                    0,
                                                                    "fires"))
                                                    .toList(),
                                            List.of(),
                                            0,
                                            List.of(),
                                            r.baselines(),
                                            new WatchRecord.BackupProof(
                                                    "plugin", "first", "proven", lastLook, lastLook,
                                                    "0", ""),
                                            r.memory()));
        }
    }

    /** What one check of the cleanup says. */
    Observation look(String check, Path path, Instant now) throws Exception {
        try (Stage stage = stage(path, now)) {
            JournalState state = stage.requireState();
            Runbook book = Cleanup.of(stage.world(), state, true);
            return book.entry(check)
                    .orElseThrow()
                    .step()
                    .observe(new LookContext(stage.world().runId(), state.uid(), false));
        }
    }

    Inventory.Found inventory() {
        try (Stage stage = stage(document, after(Duration.ofDays(8)))) {
            return Inventory.look(stage.world(), stage.state());
        }
    }

    /** The program eight days after the switch. */
    Program.Running start(Path kubeconfig, String... command) {
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.addAll(
                List.of(
                        "-f",
                        document.toString(),
                        "--kubeconfig",
                        kubeconfig.toString(),
                        "--direct",
                        "-o",
                        "json",
                        "--drill-clock-base",
                        after(Duration.ofDays(8)).toString()));
        return rig.program.start(false, arguments);
    }

    Program.Result run(String... command) throws InterruptedException {
        return start(rig.lab.cleanupKubeconfig(), command).await(180);
    }

    static JsonNode json(Program.Result result) throws IOException {
        return JSON.readTree(result.out());
    }

    @Override
    public void close() {
        online.close();
    }
}
