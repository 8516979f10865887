package dev.switchback.cli;

import dev.switchback.fault.Code;
import dev.switchback.fault.ExitCode;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Exclusions;
import dev.switchback.verify.DatabaseReport;
import dev.switchback.verify.DatabaseReport.Finding;
import dev.switchback.verify.DatabaseVerifier;
import dev.switchback.verify.TableVerdict;
import dev.switchback.view.Documents;
import dev.switchback.view.Documents.DifferenceView;
import dev.switchback.view.Documents.TableView;
import dev.switchback.view.Documents.Verification;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "verify",
        description = {
            "Compare two databases: definitions, every row, sequence positions, large objects.",
            "Reads only. Exit 0: equal. Exit 4: they differ, and every difference is named, rows by their keys.",
            "Exit 1: no difference seen, but something could not be read, and is named."
        })
final class VerifyCommand implements Callable<Integer> {
    @ParentCommand App app = new App();

    @Option(
            names = "--from",
            required = true,
            paramLabel = "CONNINFO",
            description =
                    "one database as psql takes it: keyword=value pairs, a URI or a service; PG* variables, ~/.pgpass and service files count")
    String from = "";

    @Option(
            names = "--to",
            required = true,
            paramLabel = "CONNINFO",
            description =
                    "the other one; what both strings leave out comes from the same variables")
    String to = "";

    @Option(
            names = "--tables",
            arity = "1..*",
            paramLabel = "PATTERN",
            description =
                    "compare the content of these tables only: schema.table or table, with * and ?")
    List<String> tables = new ArrayList<>();

    @Option(
            names = "--deep",
            description =
                    "trust no digest: lay every row beside its counterpart by SHA-256 over its whole text; several times slower, sorts on both servers")
    boolean deep;

    @Option(
            names = {"-j", "--jobs"},
            paramLabel = "N",
            description = "sessions that read each side at the same time (default: 2)")
    int jobs = 2;

    @Override
    public Integer call() {
        if (jobs < 1 || jobs > 64) {
            throw new SwitchbackException(
                    Code.USAGE, "--jobs", "must be from 1 to 64", "see 'switchback verify --help'");
        }
        ConnectionSpec source = DatabaseArgument.spec(from, "verify");
        ConnectionSpec target = DatabaseArgument.spec(to, "verify");
        DatabaseReport report = compare(source, target);
        Output.print(
                app.options.output,
                document(source, target, report),
                () -> text(source, target, report));
        if (report.verdict().equals("equal")) {
            return ExitCode.OK.code();
        }
        boolean different = report.verdict().equals("different");
        Problem problem =
                new Problem(
                        different ? Code.CONTENT_DIFFERS : Code.CONTENT_NOT_PROVEN,
                        source.display() + " and " + target.display(),
                        report.differences().size()
                                + " differences found, "
                                + report.notCompared().size()
                                + " things not compared; the result names them",
                        different
                                ? "decide for each difference which side is right"
                                : "use roles that may read what is named");
        System.err.println("error: " + problem.line());
        return problem.code().exit().code();
    }

    private DatabaseReport compare(ConnectionSpec source, ConnectionSpec target) {
        try {
            return new DatabaseVerifier(
                            Exclusions.none(), new DatabaseVerifier.Options(tables, deep, jobs))
                    .verify(source, target, VerifyCommand::tell, SignalStopper.armed());
        } catch (InterruptedException e) {
            throw new SwitchbackException(
                    Code.INTERRUPTED, "verify", "interrupted; nothing was changed", "run it again");
        }
    }

    private static void tell(TableVerdict verdict) {
        if (!verdict.equal()) {
            System.err.println(verdict.line());
        }
    }

    private Verification document(
            ConnectionSpec source, ConnectionSpec target, DatabaseReport report) {
        return new Verification(
                Documents.API_VERSION,
                "Verification",
                source.display(),
                target.display(),
                report.verdict(),
                tables.isEmpty() ? "database" : "tables",
                deep ? "deep" : "digests",
                report.content().rows(),
                report.sequences(),
                report.largeObjects(),
                report.differences().stream().map(VerifyCommand::view).toList(),
                report.notCompared().stream().map(VerifyCommand::view).toList(),
                report.known().stream().map(VerifyCommand::view).toList(),
                Stream.concat(
                                report.content().tables().stream().map(v -> view("table", v)),
                                report.content().materializedViews().stream()
                                        .map(v -> view("materialized view", v)))
                        .toList());
    }

    private static DifferenceView view(Finding finding) {
        return new DifferenceView(finding.kind(), finding.object(), finding.what());
    }

    private static TableView view(String kind, TableVerdict verdict) {
        return new TableView(
                kind,
                verdict.table().schema(),
                verdict.table().name(),
                verdict.equal(),
                verdict.rowsSource(),
                verdict.rowsTarget(),
                verdict.differing(),
                verdict.allCounted(),
                verdict.examples(),
                verdict.unreadable());
    }

    private static String text(
            ConnectionSpec source, ConnectionSpec target, DatabaseReport report) {
        StringBuilder text = new StringBuilder();
        report.differences().forEach(d -> text.append("differs: ").append(d.line()).append('\n'));
        report.notCompared()
                .forEach(d -> text.append("not compared: ").append(d.line()).append('\n'));
        report.known().forEach(d -> text.append("as known: ").append(d.line()).append('\n'));
        return text.append(report.verdict())
                .append(": ")
                .append(source.display())
                .append(" and ")
                .append(target.display())
                .append("; ")
                .append(report.content().tablesVerified())
                .append(" tables, ")
                .append(report.content().rows())
                .append(" rows, ")
                .append(report.content().materializedViews().size())
                .append(" materialized views, ")
                .append(report.sequences())
                .append(" sequences, ")
                .append(report.largeObjects())
                .append(" large objects")
                .toString();
    }
}
