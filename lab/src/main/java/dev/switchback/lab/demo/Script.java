package dev.switchback.lab.demo;

import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the program is asked to do in one lab, in this order; the first is always a migration.
 *
 * @param then the commands after it: {@code rollback} and {@code migrate} in turn
 * @param acceptDataLoss whether each way back may leave writes behind
 * @param cleansUp whether a week of watching and the cleanup follow, in fast time
 */
record Script(Strategy strategy, List<Command> then, boolean acceptDataLoss, boolean cleansUp) {
    private static final String CLEANUP = "cleanup";

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

    Script(Strategy strategy, List<Command> then, boolean acceptDataLoss) {
        this(strategy, then, acceptDataLoss, false);
    }

    /**
     * @param words as on the command line; {@code cleanup} may be the last
     */
    static Script of(Strategy strategy, List<String> words, boolean acceptDataLoss) {
        boolean cleans = !words.isEmpty() && words.getLast().equals(CLEANUP);
        List<String> moves = cleans ? words.subList(0, words.size() - 1) : words;
        if (cleans && moves.size() % 2 != 0) {
            throw new SwitchbackException(
                    Code.USAGE,
                    "demo --then",
                    "'cleanup' follows a migration, not a way back",
                    "name it after migrate: --then cleanup, --then rollback,migrate,cleanup");
        }
        return new Script(strategy, commands(moves), acceptDataLoss, cleans);
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
                        "'"
                                + word
                                + "' cannot follow "
                                + (commands.isEmpty()
                                        ? "the migration"
                                        : "'" + commands.getLast().word() + "'"),
                        "name rollback and migrate in turn, cleanup last: --then rollback,migrate,cleanup");
            }
            commands.add(due);
        }
        return commands;
    }

    boolean goesBack() {
        return then.contains(Command.ROLLBACK);
    }

    /** The lab's; one that is cleaned up says where the backups of its source go. */
    Path document(Lab lab) {
        Path document = lab.document(strategy);
        if (!cleansUp) {
            return document;
        }
        try {
            return Files.writeString(
                    document,
                    "  backup: {to: {path: "
                            + lab.folder().resolve("backup")
                            + "}, keyTables: [accounts]}\n",
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The program's command line. */
    List<String> arguments(Command command, Lab lab) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                command.word(),
                                "-f",
                                document(lab).toString(),
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
