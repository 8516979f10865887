package dev.switchback.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One command line and what it said: as the shipped jar in a child process, or in this one. */
final class Cli {
    private static final long LIMIT_SECONDS = 120;

    private Cli() {}

    record Said(int exit, String out, String err) {
        List<String> errors() {
            return err.lines().filter(line -> line.startsWith("error: ")).toList();
        }

        /** For messages of assertions. */
        String all() {
            return "exit " + exit + "\n--- stdout\n" + out + "\n--- stderr\n" + err;
        }
    }

    /** A child process under way, its output in files. */
    record Child(Process process, Path folder) {
        String err() throws IOException {
            return Files.readString(folder.resolve("err"));
        }

        Said await() throws IOException, InterruptedException {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new AssertionError("not within " + LIMIT_SECONDS + " s:\n" + err());
            }
            return new Said(process.exitValue(), Files.readString(folder.resolve("out")), err());
        }
    }

    static Said child(Map<String, String> environment, List<String> arguments)
            throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("lab-cli-");
        Said said = start(folder, environment, arguments).await();
        for (String file : List.of("out", "err")) {
            Files.delete(folder.resolve(file));
        }
        return said;
    }

    /** Without a terminal; {@code folder} becomes the working directory. */
    static Child start(Path folder, Map<String, String> environment, List<String> arguments)
            throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-jar",
                                System.getProperty("switchback.app.jar")));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().putAll(environment);
        return new Child(
                builder.redirectInput(Path.of("/dev/null").toFile())
                        .redirectOutput(folder.resolve("out").toFile())
                        .redirectError(folder.resolve("err").toFile())
                        .start(),
                folder);
    }

    /** The same command line in this process; for commands that start no run. */
    static synchronized Said inProcess(List<String> arguments) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        ByteArrayOutputStream complained = new ByteArrayOutputStream();
        try (PrintStream fakeOut = new PrintStream(said, true, StandardCharsets.UTF_8);
                PrintStream fakeErr = new PrintStream(complained, true, StandardCharsets.UTF_8)) {
            System.setOut(fakeOut);
            System.setErr(fakeErr);
            int exit = App.commandLine().execute(arguments.toArray(String[]::new));
            return new Said(
                    exit,
                    said.toString(StandardCharsets.UTF_8),
                    complained.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }
}
