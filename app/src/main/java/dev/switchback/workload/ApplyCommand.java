package dev.switchback.workload;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.Stopper;
import dev.switchback.spec.EndpointFile;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Runs a document's {@code apply} command: the words as written, never a shell, in the document's
 * folder, against the API server and context that we use ourselves. It ends when we are stopped.
 */
public final class ApplyCommand {
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
        if (!Child.isExecutable(program, file.folder())) {
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
        ProcessBuilder builder = new ProcessBuilder(command).directory(file.folder().toFile());
        Child.End end;
        try {
            kubeconfig().ifPresent(files -> builder.environment().put("KUBECONFIG", files));
            end = Child.run(builder, limit, says, secrets(file), stopper);
        } catch (IOException e) {
            throw failed(command, "cannot be started: " + e.getMessage());
        }
        if (end.exit().isEmpty()) {
            throw failed(command, "took longer than " + limit.toSeconds() + " s" + end.words());
        }
        if (end.exit().getAsInt() != 0) {
            throw failed(command, "ended with " + end.exit().getAsInt() + end.words());
        }
    }

    /**
     * What {@code KUBECONFIG} must be for a child to reach the API server and context that we use:
     * a first file that holds nothing but the current context, since of several the first that
     * names it wins. Empty when the child finds it as we do.
     *
     * @throws IOException when that file cannot be written
     */
    public Optional<String> kubeconfig() throws IOException {
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
        return files.isEmpty() ? Optional.empty() : Optional.of(files);
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

    private static SwitchbackException failed(List<String> command, String what) {
        return new SwitchbackException(
                Code.APPLY_FAILED,
                String.join(" ", command),
                what,
                "mend what it says, and run the same command again");
    }
}
