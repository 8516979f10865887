package dev.switchback.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.engine.JournalState.StepState;
import dev.switchback.engine.Outcome;
import dev.switchback.engine.RunResult;
import dev.switchback.engine.Runbook;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.lab.Await;
import dev.switchback.lab.demo.OpenSides;
import dev.switchback.lab.demo.Program;
import dev.switchback.lab.traffic.Judgement;
import dev.switchback.progress.Progress;
import dev.switchback.spec.DocumentReader;
import dev.switchback.view.UndoCommands;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The guide's own way to switch: {@code mastodon-database.env} is edited and {@code kubectl apply
 * -k} run, by the real kubectl, whose manifests set the replicas again in the middle of the stop.
 */
@Tag("boundaries")
@Timeout(300)
class EndpointsInGitKubeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String[] APPLY = {"kubectl", "apply", "-k", GitCheckout.KUSTOMIZATION};

    private final Rig rig = new Rig();
    private final GitCheckout git = new GitCheckout(rig);

    EndpointsInGitKubeTest() throws Exception {}

    @org.junit.jupiter.api.AfterEach
    void close() {
        rig.close();
    }

    private Stage stage(Path document) {
        return Stage.open(
                DocumentReader.read(document),
                new Stage.Connect(Optional.of(git.kubeconfig()), Optional.empty(), true),
                rig.events::add);
    }

    private RunResult migrate(Path document, UnaryOperator<Runbook> change) {
        try (Stage stage = stage(document)) {
            return stage.run(change.apply(stage.offline()), Optional.empty()).forward();
        }
    }

    private List<String> notes() {
        return rig.events.stream()
                .filter(Progress.StepNote.class::isInstance)
                .map(e -> ((Progress.StepNote) e).text())
                .toList();
    }

    private void assertSourceServes() throws Exception {
        assertThat(rig.lab.applications().awaitServing(rig.lab.pods(), PATIENCE)).isTrue();
        assertThat(rig.lab.replicas()).isEqualTo(rig.lab.originalReplicas());
        assertThat(OpenSides.of(rig.lab)).isEqualTo(new OpenSides(true, false));
        assertThat(rig.fenceLeft()).isEmpty();
        git.assertAsBefore();
    }

    private void assertTargetServes() throws Exception {
        assertThat(rig.lab.applications().awaitServing(rig.lab.pods(), PATIENCE)).isTrue();
        assertThat(rig.lab.replicas()).isEqualTo(rig.lab.originalReplicas());
        assertThat(OpenSides.of(rig.lab)).isEqualTo(new OpenSides(false, true));
        git.assertNamesTarget();
    }

    private void assertNothingLost() throws Exception {
        rig.lab.applications().stopAll();
        try (Connection target = rig.lab.target().connect("mastodon");
                Connection source = rig.lab.source().connect("mastodon")) {
            Judgement judgement = rig.lab.ledger().judge(target, source);
            assertThat(judgement.clean()).as(judgement.toString()).isTrue();
        }
    }

    private static List<Code> codes(RunResult result) {
        return result.problems().stream().map(Problem::code).toList();
    }

    @Test
    void appliedPutBackByADrillAndAppliedAgain() throws Exception {
        Path document = git.document(GitCheckout.file(APPLY), "");

        RunResult drill = migrate(document, book -> Drill.failAt(book, "switch-endpoints"));
        assertThat(drill.outcome()).as("%s", drill.problems()).isEqualTo(Outcome.RELEASED);
        assertThat(codes(drill)).containsExactly(Code.DRILL);
        assertSourceServes();

        RunResult done = migrate(document, book -> book);
        assertThat(done.outcome()).as("%s", done.problems()).isEqualTo(Outcome.COMPLETED);
        assertThat(notes()).anyMatch(n -> n.startsWith("applying started writers again"));
        assertThat(notes()).anyMatch(n -> n.contains("deployment.apps/mastodon-web configured"));
        assertTargetServes();
    }

    @Test
    void appliedProbedOverHttpAndTakenBackAfterTheCommit() throws Exception {
        String probe = "  probes: {http: [{url: \"" + rig.lab.applications().health() + "\"}]}\n";
        Path document = git.document(GitCheckout.file(APPLY), probe);

        RunResult done = migrate(document, book -> book);
        assertThat(done.outcome()).as("%s", done.problems()).isEqualTo(Outcome.COMPLETED);
        assertTargetServes();
        assertThat(done.state().step("probe-as-application").orElseThrow().evidence().get("http"))
                .hasValueSatisfying(v -> assertThat(v).endsWith("/health answered 200"));

        try (Stage stage = stage(document)) {
            RunResult back =
                    stage.run(stage.wayBack(stage.requireState()), Optional.empty()).forward();
            assertThat(back.problems()).isEmpty();
        }
        assertSourceServes();
    }

    @Test
    void killedBetweenTheFileAndItsApplyTheNextRunGoesOnAndNothingIsLost() throws Exception {
        Path script = folder("apply.sh");
        Files.writeString(
                script,
                "#!/bin/sh\nif [ ! -e go ]; then touch started; exec sleep 600; fi\nexec "
                        + String.join(" ", APPLY)
                        + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path document = git.document(GitCheckout.file("./apply.sh"), "");
        Program.Running running =
                rig.program.start(
                        false,
                        List.of(
                                "migrate",
                                "--yes",
                                "-f",
                                document.toString(),
                                "--kubeconfig",
                                git.kubeconfig().toString(),
                                "--direct"));
        Await.until(
                "the command runs",
                Duration.ofSeconds(90),
                () -> {
                    assertThat(running.isAlive()).as(running::errSoFar).isTrue();
                    return Files.exists(folder("started"));
                });
        git.assertNamesTarget();
        List<ProcessHandle> orphans =
                ProcessHandle.allProcesses()
                        .filter(p -> p.info().commandLine().orElse("").equals("sleep 600"))
                        .toList();
        running.kill();
        running.await(30);
        orphans.forEach(ProcessHandle::destroyForcibly);
        assertThat(OpenSides.of(rig.lab)).isEqualTo(new OpenSides(false, false));
        Files.createFile(folder("go"));
        undoTheFileByHand(document);
        git.assertAsBefore();

        RunResult done = migrate(document, book -> book);

        assertThat(done.outcome()).as("%s", done.problems()).isEqualTo(Outcome.COMPLETED);
        assertTargetServes();
        assertNothingLost();
    }

    /** What {@code undo-commands} prints about files, run by bash and kubectl alone. */
    private void undoTheFileByHand(Path document) throws Exception {
        List<String> lines;
        try (Stage stage = stage(document)) {
            lines = UndoCommands.of(stage.migration(), stage.requireState());
        }
        List<String> commands =
                lines.stream()
                        .dropWhile(line -> !line.startsWith("# files under Git"))
                        .takeWhile(line -> !line.startsWith("# fence"))
                        .toList();
        assertThat(commands).anyMatch(line -> line.contains("./apply.sh"));
        ProcessBuilder bash =
                new ProcessBuilder("bash", "-e", "-c", String.join("\n", commands))
                        .redirectErrorStream(true);
        bash.environment().put("KUBECONFIG", git.kubeconfig().toString());
        Process process = bash.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    private Path folder(String name) {
        return git.folder.resolve(name);
    }

    @Test
    void aMergeThatDoesNotComeInTimePutsEverythingBack() throws Exception {
        String budgets = "  budgets: {stopWriters: 60s, startWriters: 60s";
        Path document = git.document(GitCheckout.file(), "");
        String text = Files.readString(document);
        assertThat(text).contains(budgets);
        Files.writeString(document, text.replace(budgets, budgets + ", merge: 2s"));

        RunResult late = migrate(document, book -> book);
        assertThat(late.outcome()).as("%s", late.problems()).isEqualTo(Outcome.RELEASED);
        assertThat(codes(late)).containsExactly(Code.MERGE_AWAITED);
        assertThat(late.problems().getFirst().remedy())
                .contains(
                        "commit and push "
                                + GitCheckout.ENV_FILE
                                + " DB_HOST: mastodon-postgresql-pooler -> database-pooler-rw");
        assertSourceServes();
    }

    @Test
    void aMergeThatComesInTimeIsSeen() throws Exception {
        String budgets = "  budgets: {stopWriters: 60s, startWriters: 60s";
        Path document = git.document(GitCheckout.file(), "");
        String text = Files.readString(document);
        assertThat(text).contains(budgets);
        Files.writeString(document, text.replace(budgets, budgets + ", merge: 60s"));
        CompletableFuture<RunResult> run =
                CompletableFuture.supplyAsync(() -> migrate(document, book -> book));
        try (Stage stage = stage(document)) {
            Await.until(
                    "the run says what it waits for",
                    Duration.ofSeconds(60),
                    () -> {
                        assertThat(run.isDone()).isFalse();
                        return stage.state()
                                .flatMap(state -> state.step("switch-endpoints"))
                                .filter(s -> s.state() == StepState.INTENT)
                                .flatMap(s -> s.evidence().get("waitingFor"))
                                .filter(w -> w.contains("DB_HOST"))
                                .isPresent();
                    });
        }
        assertThat(OpenSides.of(rig.lab)).isEqualTo(new OpenSides(false, false));
        git.assertNamesTarget();
        git.apply();

        RunResult done = run.get(90, TimeUnit.SECONDS);
        assertThat(done.outcome()).as("%s", done.problems()).isEqualTo(Outcome.COMPLETED);
        assertTargetServes();
        assertNothingLost();
    }

    @Test
    void withoutTheRightToApplyTheChecksSayItAndTheFileStaysUntouched() throws Exception {
        Path document = git.document(GitCheckout.file(APPLY), "");
        try (Stage stage =
                Stage.open(
                        DocumentReader.read(document),
                        new Stage.Connect(
                                Optional.of(rig.lab.secureKubeconfig("")), Optional.empty(), true),
                        rig.events::add)) {
            List<Problem> problems = Checks.causes(Checks.run(stage.offline(), "test", "", false));
            assertThat(problems)
                    .singleElement()
                    .satisfies(p -> {
                        assertThat(p.code()).isEqualTo(Code.KUBE_FORBIDDEN);
                        assertThat(p.what()).contains("may not patch deployments");
                    });
        }
        git.assertAsBefore();
    }
}
