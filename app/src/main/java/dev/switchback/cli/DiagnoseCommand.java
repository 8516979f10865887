package dev.switchback.cli;

import dev.switchback.diagnose.Bundle;
import dev.switchback.diagnose.Cause;
import dev.switchback.diagnose.Diagnosis;
import dev.switchback.diagnose.Found;
import dev.switchback.diagnose.Seen;
import dev.switchback.diagnose.Symptom;
import dev.switchback.diagnose.Unread;
import dev.switchback.fault.Code;
import dev.switchback.fault.ExitCode;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.runbook.Stage;
import dev.switchback.view.DiagnosisView;
import dev.switchback.view.DiagnosisView.CauseView;
import dev.switchback.view.DiagnosisView.EvidenceView;
import dev.switchback.view.DiagnosisView.UnreadView;
import dev.switchback.view.Documents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "diagnose",
        description = {
            "Say what is wrong, by which evidence, and what mends it; change nothing",
            "Works at any moment of a migration, also beside a run. Exits with 4 when a cause was found, with 0 when"
                    + " none was, with 1 when none was and something could not be looked at."
        })
final class DiagnoseCommand implements Callable<Integer> {
    @ParentCommand App app = new App();

    @Parameters(
            arity = "0..*",
            paramLabel = "SYMPTOM",
            description = "backup, restore, connect, data, performance (default: all five)")
    List<Symptom> symptoms = new ArrayList<>();

    @Option(
            names = "--bundle",
            paramLabel = "FILE.tar.gz",
            description =
                    "write everything that was gathered, without secrets, into an archive; it must not exist yet")
    @Nullable Path bundle;

    @Override
    public Integer call() throws InterruptedException {
        try (Stage stage = app.options.stage()) {
            Set<Symptom> asked =
                    symptoms.isEmpty() ? EnumSet.allOf(Symptom.class) : EnumSet.copyOf(symptoms);
            Diagnosis diagnosis = Diagnosis.of(stage, asked, stage.world().clock().instant());
            DiagnosisView view = view(stage, diagnosis, null);
            if (bundle != null) {
                List<String> inside =
                        Bundle.write(bundle, diagnosis, document(), Output.json(view), version());
                view = view(stage, diagnosis, inside);
            }
            DiagnosisView shown = view;
            Output.print(app.options.output, shown, shown::text);
            return exit(stage, diagnosis).code();
        }
    }

    private static ExitCode exit(Stage stage, Diagnosis diagnosis) {
        if (!diagnosis.found().isEmpty()) {
            return ExitCode.DIFFERENT;
        }
        if (diagnosis.gaps().isEmpty()) {
            return ExitCode.OK;
        }
        Unread first = diagnosis.gaps().getFirst();
        Problem problem =
                new Problem(
                        Code.DIAGNOSIS_INCOMPLETE,
                        stage.migration().display(),
                        "no cause was found, but not everything could be looked at: "
                                + first.what()
                                + ": "
                                + first.why(),
                        "make it readable and run 'switchback diagnose' again");
        System.err.println("error: " + problem.line());
        return Code.DIAGNOSIS_INCOMPLETE.exit();
    }

    private static String verdict(Diagnosis diagnosis) {
        if (!diagnosis.found().isEmpty()) {
            return "cause-found";
        }
        return diagnosis.gaps().isEmpty() ? "nothing-found" : "incomplete";
    }

    private static DiagnosisView view(
            Stage stage, Diagnosis diagnosis, @Nullable List<String> inside) {
        Map<String, Integer> topics = new TreeMap<>();
        for (Seen seen : diagnosis.evidence().all()) {
            topics.merge(seen.topic().word(), 1, Integer::sum);
        }
        return new DiagnosisView(
                Documents.API_VERSION,
                "Diagnosis",
                stage.migration().display(),
                diagnosis.at().toString(),
                diagnosis.status(),
                diagnosis.symptoms().stream().map(Symptom::word).toList(),
                verdict(diagnosis),
                diagnosis.found().stream().map(DiagnoseCommand::cause).toList(),
                topics,
                diagnosis.evidence().gaps().stream()
                        .map(g -> new UnreadView(g.what(), g.why(), g.needed()))
                        .toList(),
                inside);
    }

    private static CauseView cause(Found found) {
        Cause cause = found.cause();
        return new CauseView(
                cause.id(),
                cause.symptom().word(),
                cause.certainty().word(),
                cause.what(),
                found.because().stream()
                        .map(b -> new EvidenceView(b.object(), b.seen(), b.command()))
                        .toList());
    }

    private String document() {
        try {
            return Files.readString(app.options.file);
        } catch (IOException e) {
            throw new SwitchbackException(
                    Code.DOCUMENT_NOT_FOUND,
                    app.options.file.toString(),
                    "cannot be read: " + e.getMessage(),
                    "name it with -f");
        }
    }

    private static String version() {
        String own = DiagnoseCommand.class.getPackage().getImplementationVersion();
        return "switchback "
                + (own == null ? "development" : own)
                + ", java "
                + Runtime.version()
                + ", "
                + System.getProperty("os.name")
                + " "
                + System.getProperty("os.arch");
    }
}
