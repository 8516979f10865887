package dev.switchback.schema;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.LibpqEnvironment;
import dev.switchback.pg.StopHook;
import dev.switchback.pg.Stopper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One run of {@code pg_dump} or {@code pg_restore}. The login goes through the environment, never
 * through arguments; nothing of the caller's own {@code PG*} variables reaches the child.
 */
final class ClientProgram {
    /** How long a child may take to cancel its queries before it is killed. */
    private static final long GRACE_SECONDS = 2;

    private static final int WORDS_LIMIT = 2_000;

    /** Options of foreign servers and user mappings hold passwords; a failed command is printed. */
    private static final Pattern SECRETS = Pattern.compile("(?is)\\b(OPTIONS|PASSWORD)\\b.*");

    private final Code code;
    private final String about;
    private final Stopper stopper;

    /**
     * @param code of the problem when the program fails
     * @param about the object of that problem
     */
    ClientProgram(Code code, String about, Stopper stopper) {
        this.code = code;
        this.about = about;
        this.stopper = stopper;
    }

    /**
     * Runs to the end and returns what it printed.
     *
     * @param server where it connects to, or null when it only reads a file
     * @throws InterruptedException when stopped; the child is gone then
     */
    String run(List<String> command, @Nullable ConnectionSpec server) throws InterruptedException {
        stopper.checkpoint();
        ProcessBuilder builder = new ProcessBuilder(command);
        if (server == null) {
            LibpqEnvironment.offline(builder.environment());
        } else {
            LibpqEnvironment.login(builder.environment(), server);
        }
        Process process;
        try {
            process = builder.start();
            process.getOutputStream().close();
        } catch (IOException e) {
            throw failed(command, e.toString(), e);
        }
        try (var _ = StopHook.on(stopper, () -> end(process))) {
            CompletableFuture<String> out = drain(process.getInputStream());
            CompletableFuture<String> err = drain(process.getErrorStream());
            int exit = process.waitFor();
            String words = err.join();
            stopper.checkpoint();
            if (exit != 0) {
                throw failed(command, exit + ": " + words, null);
            }
            return out.join();
        } catch (InterruptedException e) {
            end(process);
            throw e;
        }
    }

    private SwitchbackException failed(
            List<String> command, String words, @Nullable Throwable cause) {
        String program = command.getFirst().replaceAll(".*/", "");
        return new SwitchbackException(
                new Problem(
                        code,
                        about,
                        program + " ended with " + readable(words),
                        "mend what the server says, then run again"),
                cause);
    }

    static String readable(String words) {
        String[] parts = words.strip().split("\\n\\s*Command was:", 2);
        String said = parts[0].replaceAll("\\s*\\n\\s*", " | ");
        if (parts.length == 2) {
            String statement = SECRETS.matcher(parts[1]).replaceAll("$1 …");
            said += " | Command was:" + statement.replaceAll("\\s*\\n\\s*", " ");
        }
        return said.length() <= WORDS_LIMIT ? said : said.substring(0, WORDS_LIMIT) + " …";
    }

    private static CompletableFuture<String> drain(InputStream stream) {
        CompletableFuture<String> text = new CompletableFuture<>();
        Thread.ofVirtual()
                .name("child-output")
                .start(() -> {
                    try (stream) {
                        text.complete(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
                    } catch (IOException e) {
                        text.complete("(its output was lost: " + e + ")");
                    }
                });
        return text;
    }

    /** SIGTERM first: {@code pg_restore} then cancels what its workers run. */
    private static void end(Process process) {
        process.destroy();
        Thread.ofVirtual()
                .name("end-child")
                .start(() -> {
                    try {
                        if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
                            process.descendants().forEach(ProcessHandle::destroyForcibly);
                            process.destroyForcibly();
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
    }
}
