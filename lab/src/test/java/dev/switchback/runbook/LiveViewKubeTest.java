package dev.switchback.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.lab.Await;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The real program on a real pseudo-terminal, which {@code script} of util-linux makes. */
@Tag("boundaries")
@Timeout(400)
class LiveViewKubeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(150);

    @Test
    void aRunIsDrawnInPlaceFollowsTheWindowsSizeAndLeavesTheTerminalAsItWas() throws Exception {
        try (Rig rig = new Rig()) {
            Terminal run = new Terminal(rig, "run", "xterm", "migrate", "--yes");
            Await.until("it is drawn", PATIENCE, run::drawn);
            Terminal watch = new Terminal(rig, "watch", "xterm", "status", "--watch");
            Await.until(
                    "it has begun to prepare",
                    PATIENCE,
                    () -> run.text().contains("done  copy-roles-closed"));
            run.resize(60, 20);
            assertThat(run.await()).as(run.shown()).isZero();

            String shown = run.shown();
            assertThat(run.text())
                    .contains("[cutover]", "nobody can write", "service stopped for ")
                    .contains("done  open-target", "done  validate-migration");
            assertThat(Terminal.visible(run.frames().getLast()))
                    .contains("service was stopped for ", ", write pause ");
            // the last block was drawn seconds after the window had become smaller
            List<String> frames = run.frames();
            assertThat(frames.get(frames.size() - 2).lines().map(Terminal::visible))
                    .filteredOn(line -> !line.startsWith("  "))
                    .isNotEmpty()
                    .allSatisfy(line -> assertThat(line.length()).isLessThan(60));
            assertThat(run.settingsAfter()).isEqualTo(run.settingsBefore());
            assertThat(shown).doesNotContain("\u001b[?").doesNotContain("\u001b[s");

            assertThat(watch.await()).as(watch.shown()).isZero();
            assertThat(watch.drawn()).isTrue();
            assertThat(Terminal.visible(watch.frames().getLast())).contains("serves    the target");

            Terminal dumb = new Terminal(rig, "dumb", "dumb", "rollback");
            assertThat(dumb.await()).as(dumb.shown()).isZero();
            assertThat(dumb.shown())
                    .contains("....  return-stop-writers", "done  return-start-writers")
                    .doesNotContain("\u001b");
        }
    }

    /** One command on a terminal of its own, 100 columns wide. */
    private static final class Terminal {
        private final Path folder;
        private final Path typescript;
        private final Process process;

        Terminal(Rig rig, String name, String term, String... command) throws IOException {
            folder = Files.createDirectories(rig.lab.folder().resolve("terminal-" + name));
            typescript = folder.resolve("typescript");
            String line =
                    "tty > tty; stty cols 100 rows 30; stty -a > before; "
                            + Path.of(System.getProperty("java.home"), "bin", "java")
                            + " -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -jar "
                            + Path.of(System.getProperty("switchback.app.jar")).toRealPath()
                            + " "
                            + String.join(" ", command)
                            + " -f "
                            + rig.lab.document()
                            + " --kubeconfig "
                            + rig.lab.kubeconfig()
                            + " --direct; code=$?; stty -a > after; exit $code";
            ProcessBuilder builder =
                    new ProcessBuilder("script", "-qefc", line, typescript.toString())
                            .directory(folder.toFile())
                            .redirectInput(Path.of("/dev/null").toFile())
                            .redirectOutput(folder.resolve("out").toFile())
                            .redirectErrorStream(true);
            builder.environment().keySet().removeAll(List.of("NO_COLOR", "COLUMNS", "LINES"));
            builder.environment().put("TERM", term);
            builder.environment().put("SHELL", "/bin/sh");
            builder.environment().put("LC_ALL", "C.UTF-8");
            process = builder.start();
        }

        String shown() throws IOException {
            return Files.exists(typescript)
                    ? new String(Files.readAllBytes(typescript), StandardCharsets.UTF_8)
                    : "";
        }

        /** Without what moves the cursor and colours. */
        String text() throws IOException {
            return visible(shown());
        }

        boolean drawn() throws IOException {
            return frames().size() > 1;
        }

        /** What was written each time the cursor had gone up over the block. */
        List<String> frames() throws IOException {
            return Arrays.asList(shown().split("\u001b\\[[0-9]+A"));
        }

        static String visible(String line) {
            return line.replaceAll("\u001b\\[[0-9;]*[A-Za-z]", "").replace("\r", "");
        }

        void resize(int columns, int lines) throws IOException, InterruptedException {
            String tty = Files.readString(folder.resolve("tty")).strip();
            Process stty =
                    new ProcessBuilder("stty", "-F", tty, "cols", "" + columns, "rows", "" + lines)
                            .inheritIO()
                            .start();
            assertThat(stty.waitFor()).isZero();
        }

        int await() throws InterruptedException {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new AssertionError("not within " + PATIENCE);
            }
            return process.exitValue();
        }

        String settingsBefore() throws IOException {
            return settings("before");
        }

        String settingsAfter() throws IOException {
            return settings("after");
        }

        private String settings(String when) throws IOException {
            return Files.readString(folder.resolve(when))
                    .replaceAll("rows \\d+; columns \\d+;", "");
        }
    }
}
