package dev.switchback;

import dev.switchback.cli.App;
import dev.switchback.cli.Shutdown;
import picocli.CommandLine;

/** Wires the command line to the process. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        run(App.commandLine(), arguments);
    }

    /** Runs a command line as this process, whose exit code it becomes. */
    public static void run(CommandLine line, String[] arguments) {
        int code = line.execute(arguments);
        Shutdown.exit(code);
    }
}
