package dev.switchback.cli;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.switchback.copy.TableOutcome;
import dev.switchback.copy.TableProgress;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.transfer.CopyReport;
import dev.switchback.transfer.CopyRequest;
import dev.switchback.transfer.DatabaseCopy;
import dev.switchback.transfer.TableFilter;
import dev.switchback.view.Documents;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "copy",
        description = {
            "Copy one database to another: definitions, rows, indexes, constraints, sequences, large objects,",
            "materialized views, statistics, the database's own settings and grants. No Kubernetes. The source is only read; the target must exist and",
            "be empty, or hold an unfinished copy of the same source, which goes on where it stopped when",
            "nothing was written to the source since. Roles are not copied."
        })
final class CopyCommand implements Callable<Integer> {
    @ParentCommand App app = new App();

    @Option(
            names = "--from",
            required = true,
            paramLabel = "CONNINFO",
            description = {
                "the source, as psql takes it: 'host=… dbname=…', a URI, or a database name; PG* variables,",
                "service files and ~/.pgpass complete it. Better not write the password here."
            })
    String from = "";

    @Option(
            names = "--to",
            required = true,
            paramLabel = "CONNINFO",
            description = "the target, likewise; a superuser's login")
    String to = "";

    @Option(
            names = {"-j", "--jobs"},
            paramLabel = "N",
            description = "how many tables, parts and indexes at a time (default: processors here)")
    int jobs = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--include",
            paramLabel = "PATTERN",
            description =
                    "only these tables and views: schema.name or name, with * and ?; repeatable")
    List<String> include = new ArrayList<>();

    @Option(
            names = "--exclude",
            paramLabel = "PATTERN",
            description = "not these tables and views; repeatable")
    List<String> exclude = new ArrayList<>();

    @Option(
            names = "--drop-if-ours",
            description = "replace a finished copy of the same source on the target")
    boolean dropIfOurs;

    @Option(names = "--skip-statistics", description = "no ANALYZE at the end")
    boolean skipStatistics;

    @Option(names = "--skip-large-objects", description = "leave large objects behind")
    boolean skipLargeObjects;

    @Option(names = "--skip-sequences", description = "leave sequences where they begin")
    boolean skipSequences;

    @Option(names = "--skip-materialized-views", description = "leave materialized views empty")
    boolean skipMaterializedViews;

    @Override
    public Integer call() throws InterruptedException {
        if (jobs < 1) {
            throw new SwitchbackException(
                    Code.USAGE, "--jobs", "is " + jobs, "give a number from 1 on");
        }
        CopyRequest request =
                new CopyRequest(
                        DatabaseArgument.spec(from, "copy"),
                        DatabaseArgument.spec(to, "copy"),
                        jobs,
                        new TableFilter(List.copyOf(include), List.copyOf(exclude)),
                        dropIfOurs,
                        !skipStatistics,
                        !skipLargeObjects,
                        !skipSequences,
                        !skipMaterializedViews);
        SignalStopper stopper = new SignalStopper();
        Shutdown.on("copy", stopper::stop);
        CopyReport report;
        try {
            report = new DatabaseCopy(request, CopyCommand::say, CopyCommand::tell, stopper).run();
        } catch (InterruptedException e) {
            throw new SwitchbackException(
                    Code.INTERRUPTED,
                    request.target().display(),
                    "stopped on request; what is complete is kept",
                    "run the same command again");
        }
        Output.print(
                app.options.output,
                new Document(Documents.API_VERSION, "Copy", report),
                () -> text(report));
        return 0;
    }

    /** The report as programs read it. */
    private record Document(String apiVersion, String kind, @JsonUnwrapped CopyReport report) {}

    private static void say(String sentence) {
        System.err.println(sentence);
    }

    private static void tell(TableProgress progress) {
        if (progress.done() && progress.bytes() > 10_000_000) {
            System.err.printf(
                    Locale.ROOT,
                    "  %s: %,d rows, %.1f MB%n",
                    progress.table(),
                    progress.rows(),
                    progress.bytes() / 1e6);
        }
    }

    static String text(CopyReport report) {
        StringBuilder text = new StringBuilder();
        text.append(
                String.format(
                        Locale.ROOT,
                        "%-40s %14s %10s %8s  %-6s %5s  %-6s %s%n",
                        "TABLE",
                        "ROWS",
                        "MB",
                        "SECONDS",
                        "FORMAT",
                        "PARTS",
                        "FROZEN",
                        "WHY"));
        for (TableOutcome table : report.tables()) {
            List<String> why = new ArrayList<>(List.of(table.why(), table.whyNotFrozen()));
            why.removeIf(String::isEmpty);
            text.append(
                    String.format(
                            Locale.ROOT,
                            "%-40s %,14d %10.1f %8.2f  %-6s %5s  %-6s %s%n",
                            table.table(),
                            table.rows(),
                            table.bytes() / 1e6,
                            table.seconds(),
                            table.resumed() ? "-" : table.format(),
                            table.resumed() ? "-" : String.valueOf(table.parts()),
                            table.resumed() ? "-" : table.frozen() ? "yes" : "no",
                            table.resumed() ? "copied by an earlier run" : String.join("; ", why)));
        }
        report.notes().forEach(note -> text.append("note: ").append(note).append('\n'));
        text.append(
                String.format(
                        Locale.ROOT,
                        "%d tables, %,d rows, %.1f MB, %d sequences, %d large objects in %.1f s (%s)",
                        report.tables().size(),
                        report.rows(),
                        report.bytes() / 1e6,
                        report.sequences(),
                        report.largeObjects(),
                        report.seconds(),
                        report.begun()));
        return text.toString();
    }
}
