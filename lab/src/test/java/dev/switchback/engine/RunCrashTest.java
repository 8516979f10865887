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
import java.util.stream.Stream;
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
                boolean killed = runAndKill(world, write, durable, "forward");
                if (!killed) {
                    break;
                }
                kills++;
                String said = run(world, "forward");
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

    @Test
    @Timeout(120)
    void aWayBackKilledAtEveryJournalWriteIsFinishedOrTakenBackByASuccessor() throws Exception {
        Path migrated = world("migrated");
        assertThat(run(migrated, "forward")).isEqualTo("COMPLETED");
        int kills = 0;
        boolean stays = false;
        for (int write = 1; ; write++) {
            Path world = copy(migrated, "back-" + write);
            boolean killed = runAndKill(world, write, write % 2 == 0, "return");
            if (!killed) {
                break;
            }
            kills++;
            stays = !stays && content(world, "open-source").equals("before");
            assertThat(run(world, stays ? "stay" : "return"))
                    .as("write %d", write)
                    .isEqualTo(stays ? "STAYED" : "COMPLETED");
            JournalState state =
                    new FileJournal(world.resolve("journal.json")).read().orElseThrow().state();
            assertThat(state.run()).isNull();
            assertThat(state.status())
                    .as("write %d", write)
                    .isIn(
                            stays
                                    ? List.of(Status.COMMITTED, Status.COMPLETED)
                                    : List.of(Status.RETURNED));
            for (String name : List.of("fence-target", "drain", "open-source", "tidy")) {
                assertThat(content(world, name))
                        .as("%s, write %d", name, write)
                        .isEqualTo(stays ? "before" : "before+ours");
            }
            assertThat(content(world, "open")).isEqualTo("before+ours");
            assertThat(state.step("open").orElseThrow().state())
                    .isEqualTo(JournalState.StepState.DONE);
        }
        assertThat(kills).isGreaterThanOrEqualTo(10);
    }

    private Path copy(Path world, String name) throws Exception {
        Path copy = Files.createDirectories(scratch.resolve(name));
        try (Stream<Path> files = Files.list(world)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        return copy;
    }

    private static String content(Path world, String name) throws Exception {
        return Files.readString(world.resolve(name));
    }

    /** What a process that is left alone says. */
    private String run(Path world, String wish) throws Exception {
        Process process = start(world, "elsewhere", "second", 0, false, wish);
        String said = process.inputReader().readLine();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return said;
    }

    private Path world(String name) throws Exception {
        Path world = Files.createDirectories(scratch.resolve(name));
        for (String file :
                List.of("roles", "fence", "open", "fence-target", "drain", "open-source", "tidy")) {
            Files.writeString(world.resolve(file), "before");
        }
        return world;
    }

    /**
     * @return false when it ended before it had written so often
     */
    private boolean runAndKill(Path world, int write, boolean durable, String wish)
            throws Exception {
        Process process = start(world, "here", "first", write, durable, wish);
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

    private Process start(
            Path world, String from, String runId, int write, boolean durable, String wish)
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
                        Boolean.toString(durable),
                        wish));
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
