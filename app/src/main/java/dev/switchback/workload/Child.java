package dev.switchback.workload;

import dev.switchback.pg.StopHook;
import dev.switchback.pg.Stopper;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * A program of the user's, run to its end: nothing on its standard input, its output bounded, ended
 * with what it started when it takes too long or we are stopped.
 */
public final class Child {
    private static final long GRACE_SECONDS = 2;
    private static final int LINES_TOLD = 40;
    private static final int WORDS_LIMIT = 2_000;

    private Child() {}

    /**
     * How it ended.
     *
     * @param exit empty when it took too long and was ended
     * @param words the last that it printed, on one line, after {@code ": "}; may be empty
     */
    public record End(OptionalInt exit, String words) {}

    /**
     * @param builder program, folder and environment
     * @param says gets the first lines it prints
     * @param hidden what is never told, should it print that
     * @throws IOException when it cannot be started
     * @throws InterruptedException when stopped; the child is gone then
     */
    public static Child.End run(
            ProcessBuilder builder,
            Duration limit,
            Consumer<String> says,
            List<String> hidden,
            Stopper stopper)
            throws IOException, InterruptedException {
        Process process =
                builder.redirectErrorStream(true)
                        .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                        .start();
        try (var _ = StopHook.on(stopper, () -> end(process))) {
            CompletableFuture<String> output = listen(process, says, hidden);
            boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                end(process);
            }
            stopper.checkpoint();
            String words = last(output);
            return new End(
                    ended ? OptionalInt.of(process.exitValue()) : OptionalInt.empty(), words);
        } catch (InterruptedException e) {
            end(process);
            throw e;
        }
    }

    /** Whether there is such a program: a path from the folder, or a name in our PATH. */
    public static boolean isExecutable(String program, Path folder) {
        if (program.contains("/")) {
            return Files.isExecutable(folder.resolve(program));
        }
        for (String place :
                System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            if (!place.isEmpty() && Files.isExecutable(Path.of(place, program))) {
                return true;
            }
        }
        return false;
    }

    /** A grandchild may hold the pipe open; what was printed so far is told then. */
    private static String last(CompletableFuture<String> output) throws InterruptedException {
        try {
            return output.get(GRACE_SECONDS + 1, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return ": (its output did not end)";
        }
    }

    private static CompletableFuture<String> listen(
            Process process, Consumer<String> says, List<String> hidden) {
        CompletableFuture<String> all = new CompletableFuture<>();
        Thread.ofVirtual()
                .name("child-output")
                .start(() -> {
                    StringBuilder words = new StringBuilder();
                    int lines = 0;
                    try (BufferedReader reader =
                            new BufferedReader(
                                    new InputStreamReader(
                                            process.getInputStream(), StandardCharsets.UTF_8))) {
                        for (String line = reader.readLine();
                                line != null;
                                line = reader.readLine()) {
                            for (String secret : hidden) {
                                line = line.replace(secret, "***");
                            }
                            if (lines++ < LINES_TOLD) {
                                says.accept(line);
                            }
                            words.append(words.isEmpty() ? ": " : " | ").append(line.strip());
                            // only the end is told: what came long before need not be kept
                            if (words.length() > 4 * WORDS_LIMIT) {
                                words.delete(2, words.length() - 2 * WORDS_LIMIT);
                            }
                        }
                    } catch (IOException e) {
                        words.append(" (its output was lost: ").append(e).append(')');
                    } finally {
                        int from = Math.max(0, words.length() - WORDS_LIMIT);
                        all.complete((from > 0 ? ": … " : "") + words.substring(from));
                    }
                });
        return all;
    }

    /** It and what it started. */
    private static void end(Process process) {
        List<ProcessHandle> family = process.descendants().toList();
        process.destroy();
        family.forEach(ProcessHandle::destroy);
        Thread.ofVirtual()
                .name("end-child")
                .start(() -> {
                    try {
                        process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } finally {
                        family.forEach(ProcessHandle::destroyForcibly);
                        process.destroyForcibly();
                    }
                });
    }
}
