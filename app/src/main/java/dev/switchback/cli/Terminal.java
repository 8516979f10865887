package dev.switchback.cli;

import java.io.Console;
import org.jspecify.annotations.Nullable;

/** Whether a person sits at the other end, and asking them. */
final class Terminal {
    private Terminal() {}

    static boolean interactive() {
        return console() != null;
    }

    /** The answer, or null when there is no terminal or it was closed. */
    static @Nullable String ask(String question) {
        Console console = console();
        return console == null ? null : console.readLine("%s", question);
    }

    @SuppressWarnings(
            "SystemConsoleNull") // the JDK's annotations say it may be null, its Javadoc that it
    // may not
    private static @Nullable Console console() {
        Console console = System.console();
        return console != null && console.isTerminal() ? console : null;
    }
}
