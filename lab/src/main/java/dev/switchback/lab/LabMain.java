package dev.switchback.lab;

import dev.switchback.Main;
import dev.switchback.cli.App;
import dev.switchback.lab.demo.DemoCommand;
import picocli.CommandLine;

/** The program with one more command: {@code demo}. */
public final class LabMain {
    private LabMain() {}

    public static void main(String[] arguments) {
        Main.run(commandLine(), arguments);
    }

    /** The program's command line with the lab's command added. */
    public static CommandLine commandLine() {
        CommandLine line = App.commandLine();
        line.addSubcommand(new DemoCommand());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        return line;
    }
}
