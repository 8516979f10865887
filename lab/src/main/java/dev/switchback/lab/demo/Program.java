package dev.switchback.lab.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The shipped program as a child process: its jar, a kubeconfig, an API server at the other end of
 * TCP.
 */
public final class Program {
    private final Path jar;
    private final Path folder;
    private int runs;

    /**
     * @param folder each run gets a working directory of its own below it
     */
    public Program(Path folder) {
        this.jar = jar();
        this.folder = folder;
    }

    private static Path jar() {
        String set = System.getProperty("switchback.app.jar");
        Path code =
                Path.of(
                        Program.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .getPath());
        Path jar =
                set != null ? Path.of(set) : code.resolveSibling("../../app/target/switchback.jar");
        Path real = jar.toAbsolutePath().normalize();
        if (!Files.isRegularFile(real)) {
            throw new IllegalStateException(
                    "the program is not built: " + real + "; run ./mvnw package");
        }
        return real;
    }

    /** A run that ended. */
    public record Result(int exit, String out, String err) {}

    /** A run under way. */
    public static final class Running {
        private final Process process;
        private final Path out;
        private final Path err;

        private Running(Process process, Path out, Path err) {
            this.process = process;
            this.out = out;
            this.err = err;
        }

        /** SIGKILL. */
        public void kill() {
            process.destroyForcibly();
        }

        /** SIGTERM. */
        public void terminate() {
            process.destroy();
        }

        /** SIGINT, as Ctrl-C sends it. */
        public void interrupt() {
            try {
                new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start().waitFor();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        public boolean isAlive() {
            return process.isAlive();
        }

        public String errSoFar() {
            return read(err);
        }

        /**
         * @throws IllegalStateException when it does not end in time; it is killed then
         */
        public Result await(long seconds) throws InterruptedException {
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new IllegalStateException(
                        "the program did not end within " + seconds + " s:\n" + read(err));
            }
            return new Result(process.exitValue(), read(out), read(err));
        }
    }

    /** Starts it in a fresh working directory; {@code narrate} sends its stderr to ours. */
    public Running start(boolean narrate, List<String> arguments) {
        try {
            int run = ++runs;
            Path cwd = Files.createDirectories(folder.resolve("run-" + run));
            Path out = folder.resolve("run-" + run + ".out");
            Path err = folder.resolve("run-" + run + ".err");
            List<String> command =
                    new ArrayList<>(
                            List.of(
                                    // a build in the background ignores Ctrl-C, and its children
                                    // would inherit that
                                    "env",
                                    "--default-signal=INT",
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-XX:+UseSerialGC",
                                    "-XX:TieredStopAtLevel=1",
                                    "-Xshare:auto",
                                    // what it journals says nothing of this machine
                                    "-Duser.name=engineer",
                                    "-jar",
                                    jar.toString()));
            command.addAll(arguments);
            ProcessBuilder builder =
                    new ProcessBuilder(command)
                            .directory(cwd.toFile())
                            .redirectOutput(out.toFile());
            if (narrate) {
                builder.redirectError(ProcessBuilder.Redirect.INHERIT);
            } else {
                builder.redirectError(err.toFile());
            }
            builder.environment().put("HOSTNAME", "lab");
            builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
            return new Running(builder.start(), out, err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
