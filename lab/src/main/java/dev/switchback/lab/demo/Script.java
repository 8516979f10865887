package dev.switchback.lab.demo;

import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the program is asked to do in one lab, in this order; the first is always a migration.
 *
 * @param then the commands after it: {@code rollback} and {@code migrate} in turn
 * @param acceptDataLoss whether each way back may leave writes behind
 */
record Script(Strategy strategy, List<Command> then, boolean acceptDataLoss) {

    /** A command of the program that moves the service to the other side. */
    enum Command {
        MIGRATE,
        ROLLBACK;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** What it reports when it has done so. */
        String success() {
            return this == MIGRATE ? "migrated" : "returned";
        }

        /** The side that serves then. */
        String liveSide() {
            return this == MIGRATE ? "target" : "source";
        }
    }

    Script {
        then = List.copyOf(then);
    }

    /** A migration and nothing after it. */
    static Script migration(Strategy strategy) {
        return new Script(strategy, List.of(), false);
    }

    /**
     * @param words as on the command line
     * @throws SwitchbackException USAGE for a word that is no such command, or where it has nothing
     *     to do
     */
    static List<Command> commands(List<String> words) {
        List<Command> commands = new ArrayList<>();
        for (String word : words) {
            Command due = commands.size() % 2 == 0 ? Command.ROLLBACK : Command.MIGRATE;
            if (!word.equals(due.word())) {
                throw new SwitchbackException(
                        Code.USAGE,
                        "demo --then",
                        word.equals("cleanup")
                                ? "'cleanup' is not in this version"
                                : "'"
                                        + word
                                        + "' cannot follow "
                                        + (commands.isEmpty()
                                                ? "the migration"
                                                : "'" + commands.getLast().word() + "'"),
                        "name rollback and migrate in turn: --then rollback,migrate");
            }
            commands.add(due);
        }
        return commands;
    }

    boolean goesBack() {
        return then.contains(Command.ROLLBACK);
    }

    /** The program's command line. */
    List<String> arguments(Command command, Lab lab) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                command.word(),
                                "-f",
                                lab.document(strategy).toString(),
                                "--kubeconfig",
                                lab.kubeconfig().toString(),
                                "--direct",
                                "-o",
                                "json"));
        if (command == Command.MIGRATE) {
            arguments.add("--yes");
        } else if (acceptDataLoss) {
            arguments.add("--accept-data-loss");
        }
        return arguments;
    }
}
