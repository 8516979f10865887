package dev.switchback.backup;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.LibpqEnvironment;
import dev.switchback.pg.StopHook;
import dev.switchback.pg.Stopper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One run of {@code pg_dump} whose output is taken as it comes, or of {@code pg_restore} that is
 * fed. What it printed counts only when it ended well.
 */
final class PipedProgram {
    private static final int CHUNK = 64 << 10;
    private static final int WORDS_LIMIT = 2_000;

    /** Takes what the program writes. */
    @FunctionalInterface
    interface Reader {
        void take(byte[] buffer, int length) throws IOException, InterruptedException;
    }

    private final Code code;
    private final String about;
    private final Stopper stopper;

    /**
     * @param code of the problem when the program fails
     * @param about the object of that problem
     */
    PipedProgram(Code code, String about, Stopper stopper) {
        this.code = code;
        this.about = about;
        this.stopper = stopper;
    }

    /**
     * Runs it and hands over its output; returns only when it ended well.
     *
     * @throws InterruptedException when stopped; the program is ended then
     */
    void read(List<String> command, ConnectionSpec server, Reader reader)
            throws IOException, InterruptedException {
        stopper.checkpoint();
        Process process = start(command, server);
        try (var _ = StopHook.on(stopper, process::destroy)) {
            CompletableFuture<String> err = drain(process.getErrorStream());
            try (InputStream out = process.getInputStream()) {
                byte[] buffer = new byte[CHUNK];
                for (int n = out.read(buffer); n >= 0; n = out.read(buffer)) {
                    reader.take(buffer, n);
                }
            }
            int exit = process.waitFor();
            stopper.checkpoint();
            if (exit != 0) {
                throw failed(command, exit, err.join());
            }
        } finally {
            process.destroy();
        }
    }

    /**
     * Runs it with the input fed and returns what it printed. A program that has read enough may
     * close its input; nothing more is read then.
     *
     * @param input what it reads; null when it reads a file by itself
     */
    String feed(List<String> command, @Nullable ConnectionSpec server, @Nullable InputStream input)
            throws IOException, InterruptedException {
        stopper.checkpoint();
        Process process = start(command, server);
        try (var _ = StopHook.on(stopper, process::destroy)) {
            CompletableFuture<String> out = drain(process.getInputStream());
            CompletableFuture<String> err = drain(process.getErrorStream());
            OutputStream in = process.getOutputStream();
            try {
                pour(input, in);
            } finally {
                closeQuietly(in);
            }
            int exit = process.waitFor();
            stopper.checkpoint();
            if (exit != 0) {
                throw failed(command, exit, err.join());
            }
            return out.join();
        } finally {
            process.destroy();
        }
    }

    private void pour(@Nullable InputStream input, OutputStream in)
            throws IOException, InterruptedException {
        if (input == null) {
            return;
        }
        byte[] buffer = new byte[CHUNK];
        for (int n = input.read(buffer); n >= 0; n = input.read(buffer)) {
            stopper.checkpoint();
            try {
                in.write(buffer, 0, n);
            } catch (IOException enough) {
                // it has read what it needs, or it failed: its exit code tells
                return;
            }
        }
    }

    private static void closeQuietly(OutputStream in) {
        try {
            in.close();
        } catch (IOException enough) {
            // as above
        }
    }

    private Process start(List<String> command, @Nullable ConnectionSpec server) {
        ProcessBuilder builder = new ProcessBuilder(command);
        if (server == null) {
            LibpqEnvironment.offline(builder.environment());
        } else {
            LibpqEnvironment.login(builder.environment(), server);
        }
        try {
            return builder.start();
        } catch (IOException e) {
            throw new SwitchbackException(
                    new Problem(code, about, e.toString(), "install the program, then run again"),
                    e);
        }
    }

    private SwitchbackException failed(List<String> command, int exit, String words) {
        String program = command.getFirst().replaceAll(".*/", "");
        String said = words.strip().replaceAll("\\s*\\n\\s*Command was:.*", "");
        said = said.replaceAll("\\s*\\n\\s*", " | ");
        if (said.length() > WORDS_LIMIT) {
            said = said.substring(0, WORDS_LIMIT) + " …";
        }
        String how = exit > 128 ? "was killed by signal " + (exit - 128) : "ended with " + exit;
        boolean full = said.contains("No space left") || said.contains("File too large");
        return new SwitchbackException(
                full && code == Code.BACKUP_FAILED ? Code.BACKUP_NO_ROOM : code,
                about,
                program + " " + how + (said.isEmpty() ? "" : ": " + said),
                full
                        ? "make room, or name a larger volume in spec.backup.to"
                        : "mend what it says, then run again");
    }

    private static CompletableFuture<String> drain(InputStream stream) {
        CompletableFuture<String> text = new CompletableFuture<>();
        Thread.ofVirtual()
                .name("backup-words")
                .start(() -> {
                    try (stream) {
                        text.complete(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
                    } catch (IOException e) {
                        text.complete("(its output was lost: " + e + ")");
                    }
                });
        return text;
    }
}
