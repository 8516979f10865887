package dev.switchback.cli;

import dev.switchback.fault.Code;
import dev.switchback.fault.ExitCode;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The command line: {@code switchback COMMAND}. */
@Command(
        name = "switchback",
        description = {
            "Moves PostgreSQL databases from clusters run by Zalando's postgres-operator to CloudNativePG,",
            "without losing an acknowledged write."
        },
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            InitCommand.class,
            PlanCommand.class,
            CheckCommand.class,
            MigrateCommand.class,
            CutoverCommand.class,
            ApproveCommand.class,
            PauseCommand.class,
            ResumeCommand.class,
            CopyCommand.class,
            StatusCommand.class,
            WatchCommand.class,
            MonitoringCommand.class,
            ValidateCommand.class,
            RollbackCommand.class,
            AbortCommand.class,
            CloseRollbackCommand.class,
            CleanupCommand.class,
            VerifyCleanCommand.class,
            VerifyCommand.class,
            DiagnoseCommand.class,
            LogsCommand.class,
            ReportCommand.class,
            UndoCommandsCommand.class,
            VersionCommand.class,
            CompletionCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:ok",
            "1:failed; what was put back is said",
            "2:wrong command line or document; nothing was changed",
            "3:blocked by a check or a missing prerequisite",
            "4:source and target differ; 'diagnose' found a cause",
            "5:waiting for a person",
            "6:another run holds the migration",
            "7:not found",
            "130,143:interrupted, resumable"
        })
public final class App implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(App.class);

    @Mixin GlobalOptions options = new GlobalOptions();

    /** The chosen output format; commands outside this package read it here. */
    public boolean json() {
        return options.output == GlobalOptions.Format.JSON;
    }

    @Override
    public Integer call() {
        throw new SwitchbackException(
                Code.USAGE, "switchback", "no command given", "see 'switchback --help'");
    }

    /** The whole command line, to which others (the lab) may add commands before it is run. */
    public static CommandLine commandLine() {
        CommandLine line = new CommandLine(new App());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler(App::failed);
        line.setParameterExceptionHandler(App::misused);
        return line;
    }

    private static int failed(Exception e, CommandLine line, ParseResult parsed) {
        if (e instanceof SwitchbackException known) {
            LOG.debug("failed", e);
            for (Problem problem : known.problems()) {
                error(problem);
            }
            return known.code().exit().code();
        }
        LOG.debug("failed", e);
        error(
                new Problem(
                        Code.BUG,
                        "switchback",
                        e.getClass().getSimpleName() + ": " + e.getMessage(),
                        "this is our mistake: run again with -v and report it"));
        return Code.BUG.exit().code();
    }

    private static int misused(ParameterException e, String[] arguments) {
        String what = e.getMessage() == null ? "cannot be read" : e.getMessage();
        error(
                new Problem(
                        Code.USAGE,
                        e.getCommandLine().getCommandSpec().qualifiedName(),
                        what,
                        "see '"
                                + e.getCommandLine().getCommandSpec().qualifiedName()
                                + " --help'"));
        return ExitCode.USAGE.code();
    }

    private static void error(Problem problem) {
        System.err.println("error: " + problem.line());
    }
}
