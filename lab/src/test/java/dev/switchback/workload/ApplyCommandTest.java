package dev.switchback.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.lab.Await;
import dev.switchback.pg.Stopper;
import dev.switchback.spec.EndpointFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApplyCommandTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir Path folder;

    private EndpointFile file(String... apply) throws Exception {
        Path file = Files.writeString(folder.resolve("db.env"), "DB_HOST=a\nDB_PASS=very-secret\n");
        return new EndpointFile("db.env", file, folder, List.of(), List.of(apply));
    }

    private ApplyCommand command(String context) throws Exception {
        return new ApplyCommand(
                Optional.of(folder.resolve("kubeconfig")),
                context.isEmpty() ? Optional.empty() : Optional.of(context),
                folder);
    }

    @Test
    void itRunsInTheDocumentsFolderWithOurContextAndTellsNoSecretOfTheFile() throws Exception {
        List<String> said = new ArrayList<>();

        command("old")
                .run(
                        file("sh", "-c", "pwd; echo $KUBECONFIG; cat db.env"),
                        LONG,
                        said::add,
                        Stopper.NEVER);

        assertThat(said)
                .containsExactly(
                        folder.toRealPath().toString(),
                        folder.resolve("context.yaml") + ":" + folder.resolve("kubeconfig"),
                        "DB_HOST=a",
                        "DB_PASS=***");
        assertThat(folder.resolve("context.yaml")).content().contains("current-context: \"old\"");
    }

    @Test
    void aFailureIsToldInItsOwnWordsWithoutSecrets() throws Exception {
        assertThatThrownBy(() ->
                        command("")
                                .run(
                                        file("sh", "-c", "echo refused: very-secret >&2; exit 3"),
                                        LONG,
                                        line -> {},
                                        Stopper.NEVER))
                .isInstanceOfSatisfying(
                        SwitchbackException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(Code.APPLY_FAILED);
                            assertThat(e.problem().what()).isEqualTo("ended with 3: refused: ***");
                        });
    }

    @Test
    void aCommandThatHangsIsEndedWithItsChildren() throws Exception {
        assertThatThrownBy(() ->
                        command("")
                                .run(
                                        file("sh", "-c", "sleep 300 & echo $! > child; wait"),
                                        Duration.ofSeconds(1),
                                        line -> {},
                                        Stopper.NEVER))
                .hasMessageContaining("took longer than 1 s");
        assertThatChildIsGone();
    }

    private void assertThatChildIsGone() throws Exception {
        long pid = Long.parseLong(Files.readString(folder.resolve("child")).strip());
        Await.until(
                "the child is gone",
                Duration.ofSeconds(10),
                () -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
    }

    @Test
    void stoppingUsStopsIt() throws Exception {
        List<Runnable> hooks = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> stopped = new CompletableFuture<>();
        Stopper stopper =
                new Stopper() {
                    @Override
                    public void checkpoint() throws InterruptedException {
                        if (stopped.isDone()) {
                            throw new InterruptedException("stopped");
                        }
                    }

                    @Override
                    public AutoCloseable onStop(Runnable hook) {
                        hooks.add(hook);
                        return () -> hooks.remove(hook);
                    }
                };
        EndpointFile file = file("sh", "-c", "sleep 300 & echo $! > child; wait");
        CompletableFuture<Throwable> end =
                CompletableFuture.supplyAsync(() -> {
                    try {
                        command("").run(file, LONG, line -> {}, stopper);
                        return new AssertionError("it was not stopped");
                    } catch (Exception e) {
                        return e;
                    }
                });
        Await.until(
                "it runs",
                Duration.ofSeconds(10),
                () ->
                        Files.exists(folder.resolve("child"))
                                && !Files.readString(folder.resolve("child")).isBlank());

        stopped.complete(null);
        hooks.forEach(Runnable::run);

        assertThat(end.get(15, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
        assertThatChildIsGone();
    }

    @Test
    void aProgramThatIsNotHereIsFoundByTheRehearsal() throws Exception {
        assertThat(command("").rehearse(file("no-such-program", "-k"), Stopper.NEVER))
                .hasValueSatisfying(p -> assertThat(p.code()).isEqualTo(Code.APPLY_FAILED));
        assertThat(command("").rehearse(file("sh", "-c", "exit 1"), Stopper.NEVER)).isEmpty();
    }
}
