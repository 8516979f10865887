package dev.switchback.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.engine.JournalState.Status;
import dev.switchback.store.file.FileJournal;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real process, a real SIGKILL at each journal write, and a successor started elsewhere. */
class RunCrashTest {
    @TempDir Path scratch;

    @Test
    @Timeout(120)
    void aRunKilledAtEveryJournalWriteIsFinishedByASuccessorFromAnotherFolder() throws Exception {
        int kills = 0;
        for (boolean durable : new boolean[] {false, true}) {
            for (int write = 1; ; write++) {
                Path world = world(write + "-" + durable);
                boolean killed = runAndKill(world, write, durable);
                if (!killed) {
                    break;
                }
                kills++;
                Process successor = start(world, "elsewhere", "second", 0, false);
                String said = successor.inputReader().readLine();
                assertThat(successor.waitFor(30, TimeUnit.SECONDS)).isTrue();
                assertThat(said).as("write %d durable %s", write, durable).isEqualTo("COMPLETED");
                for (String name : List.of("roles", "fence", "open")) {
                    assertThat(world.resolve(name)).hasContent("before+ours");
                }
                JournalState state =
                        new FileJournal(world.resolve("journal.json")).read().orElseThrow().state();
                assertThat(state.status()).isEqualTo(Status.COMPLETED);
                assertThat(state.run()).isNull();
                assertThat(state.steps())
                        .allSatisfy(r -> {
                            assertThat(r.found()).isFalse();
                            assertThat(r.captured()).isEqualTo(Facts.of("content", "before"));
                        });
            }
        }
        assertThat(kills).isGreaterThanOrEqualTo(2 * 8);
    }

    private Path world(String name) throws Exception {
        Path world = Files.createDirectories(scratch.resolve(name));
        for (String file : List.of("roles", "fence", "open")) {
            Files.writeString(world.resolve(file), "before");
        }
        return world;
    }

    /**
     * @return false when it ended before it had written so often
     */
    private boolean runAndKill(Path world, int write, boolean durable) throws Exception {
        Process process = start(world, "here", "first", write, durable);
        try (BufferedReader out = process.inputReader()) {
            boolean stands = "AT".equals(out.readLine());
            process.destroyForcibly();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            if (stands) {
                assertThat(process.exitValue()).isEqualTo(128 + 9);
            }
            return stands;
        }
    }

    private Process start(Path world, String from, String runId, int write, boolean durable)
            throws Exception {
        Path folder = Files.createDirectories(scratch.resolve(from));
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Xshare:auto",
                                "-cp",
                                System.getProperty("java.class.path"),
                                ToyMain.class.getName()));
        command.addAll(
                List.of(
                        world.toString(),
                        runId,
                        Integer.toString(write),
                        Boolean.toString(durable)));
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
