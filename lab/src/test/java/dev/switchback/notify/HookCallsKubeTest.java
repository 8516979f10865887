package dev.switchback.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchback.engine.JournalState;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.kube.Kube;
import dev.switchback.lab.Await;
import dev.switchback.lab.demo.Lab;
import dev.switchback.lab.kube.FakeKube;
import dev.switchback.pg.Stopper;
import dev.switchback.spec.DocumentReader;
import dev.switchback.spec.Hook;
import dev.switchback.spec.HookMoment;
import dev.switchback.spec.Migration;
import dev.switchback.spec.OnFailure;
import dev.switchback.spec.Placeholder;
import dev.switchback.workload.ApplyCommand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real children: what they get, what they say, and that they end. */
@Timeout(60)
class HookCallsKubeTest {
    private static final Migration MIGRATION = DocumentReader.parse("lab", Lab.DOCUMENT);

    @TempDir Path folder;
    private final List<String> said = new ArrayList<>();
    private FakeKube api;
    private Kube kube;
    private Courier courier;
    private HookCalls calls;

    @BeforeEach
    void start() {
        api = FakeKube.start();
        Path kubeconfig = api.kubeconfig(folder, api.adminToken(), "mastodon");
        kube = Kube.connect(Optional.of(kubeconfig), Optional.empty());
        courier = new Courier(kube, "mastodon");
        calls =
                new HookCalls(
                        courier,
                        new ApplyCommand(Optional.of(kubeconfig), Optional.empty(), folder));
    }

    @AfterEach
    void stop() {
        kube.close();
        api.close();
    }

    private Hook hook(Duration timeout, String... command) {
        return new Hook(
                "hooks[0]",
                HookMoment.BEFORE_CUTOVER,
                Optional.of(List.of(command)),
                Optional.empty(),
                timeout,
                OnFailure.BLOCK,
                folder);
    }

    private static Situation situation() {
        return new Situation(
                MIGRATION,
                JournalState.beforeTheFirstRun(MIGRATION.identity(), "offline"),
                "run-1",
                Instant.parse("2026-12-01T02:00:00.5Z"),
                "before-cutover",
                "cutover",
                "",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "free",
                "",
                "",
                List.of("check-window: late", "two\nlines"));
    }

    private String call(Hook hook) throws InterruptedException {
        return calls.call(hook, situation(), said::add, Stopper.NEVER);
    }

    @Test
    void aCommandGetsTheDocumentedVariablesAndNothingElseOfOurs() throws Exception {
        assertThat(call(hook(Duration.ofSeconds(10), "env", "-0"))).isEqualTo("ended with 0");
        List<String> variables =
                Arrays.stream(String.join("\n", said).split("\0", -1))
                        .filter(v -> !v.isEmpty())
                        .toList();
        Set<String> names =
                variables.stream()
                        .map(v -> v.substring(0, v.indexOf('=')))
                        .collect(Collectors.toSet());
        Set<String> expected =
                Stream.concat(
                                Arrays.stream(Placeholder.values()).map(Placeholder::variable),
                                Stream.of("PATH", "HOME", "KUBECONFIG"))
                        .collect(Collectors.toSet());
        assertThat(expected).containsAll(names);
        assertThat(names).contains("PATH", "KUBECONFIG");
        assertThat(variables)
                .contains(
                        "SWITCHBACK_MIGRATION=mastodon",
                        "SWITCHBACK_MOMENT=before-cutover",
                        "SWITCHBACK_ATTEMPT=1",
                        "SWITCHBACK_LIVE_SIDE=source",
                        "SWITCHBACK_NOW=2026-12-01T02:00:00Z",
                        "SWITCHBACK_ISSUES=check-window: late; two\nlines");
    }

    @Test
    void aCommandThatFailsIsToldInItsOwnWords() {
        assertThatThrownBy(() ->
                        call(
                                hook(
                                        Duration.ofSeconds(10),
                                        "sh",
                                        "-c",
                                        "echo the page is not there >&2; exit 3")))
                .isInstanceOfSatisfying(
                        SwitchbackException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(Code.HOOK_FAILED);
                            assertThat(e.problem().object()).isEqualTo("hooks[0] before-cutover");
                            assertThat(e.problem().what())
                                    .isEqualTo("ended with 3: the page is not there");
                        });
        assertThatThrownBy(() -> call(hook(Duration.ofSeconds(10), "./no-such-program")))
                .hasMessageContaining("cannot be started");
    }

    @Test
    void aCommandThatHangsIsEndedWithWhatItStarted() throws Exception {
        assertThatThrownBy(() ->
                        call(
                                hook(
                                        Duration.ofSeconds(1),
                                        "sh",
                                        "-c",
                                        "sleep 300 & echo $! > child; wait")))
                .hasMessageContaining("took longer than 1.0 s");
        long pid = Long.parseLong(Files.readString(folder.resolve("child")).strip());
        Await.until(
                "the child is gone",
                Duration.ofSeconds(10),
                () -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
    }

    @Test
    void whatACommandPrintsIsBounded() throws Exception {
        assertThat(call(hook(Duration.ofSeconds(20), "seq", "1", "100000")))
                .isEqualTo("ended with 0");
        assertThat(said).hasSize(40);
    }
}
