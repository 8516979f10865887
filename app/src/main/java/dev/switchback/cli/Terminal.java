package dev.switchback.cli;

import dev.switchback.view.live.LiveTerminal;
import java.io.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whether a person sits at the other end, and asking them. */
final class Terminal {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,5}) (\\d{1,5})");

    private Terminal() {}

    static boolean interactive() {
        return console() != null;
    }

    /** The answer, or null when there is no terminal or it was closed. */
    static @Nullable String ask(String question) {
        Console console = console();
        return console == null ? null : console.readLine("%s", question);
    }

    /**
     * Of the terminal that stderr is, empty when it is none or cannot be asked. {@code COLUMNS} and
     * {@code LINES} count where it does not know.
     */
    static Optional<LiveTerminal.Size> size() {
        try {
            Process stty =
                    new ProcessBuilder("sh", "-c", "test -t 2 && stty size <&2 2>/dev/null")
                            .redirectInput(
                                    ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            if (!stty.waitFor(2, TimeUnit.SECONDS)) {
                stty.destroyForcibly();
                return Optional.empty();
            }
            String said =
                    new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            Matcher size = SIZE.matcher(said.strip());
            if (stty.exitValue() != 0 || !size.matches()) {
                return Optional.empty();
            }
            return Optional.of(
                    new LiveTerminal.Size(
                            known(size.group(2), "COLUMNS", 80),
                            known(size.group(1), "LINES", 24)));
        } catch (IOException e) {
            return Optional.empty(); // no shell: then nothing is drawn
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static int known(String said, String variable, int otherwise) {
        String set = System.getenv().getOrDefault(variable, "");
        int number = Integer.parseInt(said);
        return number > 0
                ? number
                : set.matches("[1-9]\\d{0,3}") ? Integer.parseInt(set) : otherwise;
    }

    @SuppressWarnings(
            "SystemConsoleNull") // the JDK's annotations say it may be null, its Javadoc that it
    // may not
    private static @Nullable Console console() {
        Console console = System.console();
        return console != null && console.isTerminal() ? console : null;
    }
}
