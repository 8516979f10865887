package dev.switchback.workload;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.StopHook;
import dev.switchback.pg.Stopper;
import dev.switchback.spec.EndpointFile;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Runs a document's {@code apply} command: the words as written, never a shell, in the document's
 * folder, against the API server and context that we use ourselves. It ends when we are stopped.
 */
public final class ApplyCommand {
    private static final long GRACE_SECONDS = 2;
    private static final int LINES_TOLD = 40;
    private static final int WORDS_LIMIT = 2_000;

    /** How long the rehearsal inside a check may take. */
    private static final Duration REHEARSAL = Duration.ofSeconds(20);

    /** Keys whose values are nobody's business, should a command print its input. */
    private static final Pattern SECRET_KEY =
            Pattern.compile("(?i).*(pass|secret|token|key|credential|url|dsn).*");

    private final Optional<Path> kubeconfig;
    private final Optional<String> context;
    private final Path workFolder;

    /**
     * @param kubeconfig as given to us; empty for what the environment names
     * @param context the source's, when it is not the current one
     * @param workFolder ours, private
     */
    public ApplyCommand(Optional<Path> kubeconfig, Optional<String> context, Path workFolder) {
        this.kubeconfig = kubeconfig;
        this.context = context;
        this.workFolder = workFolder;
    }

    /**
     * Runs it to its end.
     *
     * @param says gets the lines it prints
     * @throws SwitchbackException APPLY_FAILED when it cannot be started, fails or takes too long
     * @throws InterruptedException when stopped; the child is gone then
     */
    public void run(EndpointFile file, Duration limit, Consumer<String> says, Stopper stopper)
            throws InterruptedException {
        run(file, file.apply(), limit, says, stopper);
    }

    /**
     * Whether it would work, without changing anything: its program exists; {@code kubectl apply}
     * is also sent to the API server as a dry run, which checks the manifests and our rights.
     */
    public Optional<Problem> rehearse(EndpointFile file, Stopper stopper)
            throws InterruptedException {
        String program = file.apply().getFirst();
        if (!isExecutable(program, file.folder())) {
            return Optional.of(
                    new Problem(
                            Code.APPLY_FAILED,
                            String.join(" ", file.apply()),
                            "there is no program '" + program + "' here",
                            "install it, or correct spec.endpoints.in[].apply"));
        }
        if (!name(program).equals("kubectl")
                || file.apply().size() < 2
                || !file.apply().get(1).equals("apply")) {
            return Optional.empty();
        }
        List<String> rehearsal = new ArrayList<>(file.apply());
        rehearsal.add("--dry-run=server");
        try {
            run(file, rehearsal, REHEARSAL, line -> {}, stopper);
            return Optional.empty();
        } catch (SwitchbackException e) {
            return Optional.of(e.problem());
        }
    }

    private static boolean isExecutable(String program, Path folder) {
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

    private static String name(String program) {
        return program.replaceAll(".*/", "");
    }

    private void run(
            EndpointFile file,
            List<String> command,
            Duration limit,
            Consumer<String> says,
            Stopper stopper)
            throws InterruptedException {
        stopper.checkpoint();
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(file.folder().toFile())
                        .redirectErrorStream(true)
                        .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        Process process;
        try {
            environment(builder);
            process = builder.start();
        } catch (IOException e) {
            throw failed(command, "cannot be started: " + e.getMessage());
        }
        List<String> secrets = secrets(file);
        try (var _ = StopHook.on(stopper, () -> end(process))) {
            CompletableFuture<String> output = listen(process, says, secrets);
            boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                end(process);
            }
            stopper.checkpoint();
            String words = last(output);
            if (!ended) {
                throw failed(command, "took longer than " + limit.toSeconds() + " s" + words);
            }
            if (process.exitValue() != 0) {
                throw failed(command, "ended with " + process.exitValue() + words);
            }
        } catch (InterruptedException e) {
            end(process);
            throw e;
        }
    }

    /** A grandchild may hold the pipe open; what was printed so far is told then. */
    private static String last(CompletableFuture<String> output) throws InterruptedException {
        try {
            return output.get(GRACE_SECONDS + 1, TimeUnit.SECONDS);
        } catch (TimeoutException | java.util.concurrent.ExecutionException e) {
            return ": (its output did not end)";
        }
    }

    /**
     * A first file that holds nothing but the current context: of several kubeconfigs the first
     * that names it wins.
     */
    private void environment(ProcessBuilder builder) throws IOException {
        String files =
                kubeconfig
                        .map(path -> path.toAbsolutePath().toString())
                        .orElseGet(() -> System.getenv().getOrDefault("KUBECONFIG", ""));
        if (context.isPresent()) {
            Path only = workFolder.resolve("context.yaml");
            Files.writeString(
                    only,
                    "apiVersion: v1\nkind: Config\ncurrent-context: \""
                            + context.get().replace("\\", "\\\\").replace("\"", "\\\"")
                            + "\"\n");
            if (files.isEmpty()) {
                files = Path.of(System.getProperty("user.home"), ".kube", "config").toString();
            }
            files = only + File.pathSeparator + files;
        }
        if (!files.isEmpty()) {
            builder.environment().put("KUBECONFIG", files);
        }
    }

    private static List<String> secrets(EndpointFile file) {
        try {
            return EnvFile.of(Files.readAllBytes(file.file())).entries().stream()
                    .filter(e -> SECRET_KEY.matcher(e.key()).matches())
                    .map(EnvFile.Entry::value)
                    .filter(value -> value.length() > 3)
                    .toList();
        } catch (IOException e) {
            return List.of(); // a file that is gone has nothing to give away
        }
    }

    private static CompletableFuture<String> listen(
            Process process, Consumer<String> says, List<String> secrets) {
        CompletableFuture<String> all = new CompletableFuture<>();
        Thread.ofVirtual()
                .name("apply-output")
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
                            for (String secret : secrets) {
                                line = line.replace(secret, "***");
                            }
                            if (lines++ < LINES_TOLD) {
                                says.accept(line);
                            }
                            words.append(words.isEmpty() ? ": " : " | ").append(line.strip());
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

    private static SwitchbackException failed(List<String> command, String what) {
        return new SwitchbackException(
                Code.APPLY_FAILED,
                String.join(" ", command),
                what,
                "mend what it says, and run the same command again");
    }

    /** It and what it started. */
    private static void end(Process process) {
        List<ProcessHandle> family = process.descendants().toList();
        process.destroy();
        family.forEach(ProcessHandle::destroy);
        Thread.ofVirtual()
                .name("end-apply")
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
