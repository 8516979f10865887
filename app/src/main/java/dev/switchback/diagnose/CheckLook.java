package dev.switchback.diagnose;

import dev.switchback.engine.Finding;
import dev.switchback.engine.JournalState;
import dev.switchback.fault.Problem;
import dev.switchback.runbook.Checks;
import dev.switchback.runbook.Stage;
import dev.switchback.steps.World;
import java.util.Set;

/** The checks of {@code check} that tell why a copy would fail; before the switch only. */
final class CheckLook implements Look {
    private static final Set<String> CHECKS =
            Set.of(
                    "check-source",
                    "check-target",
                    "check-tools",
                    "check-privileges",
                    "check-backup",
                    "check-extensions",
                    "check-locale",
                    "check-roles",
                    "check-data",
                    "check-duplicates",
                    "check-capacity");

    private final Stage stage;

    CheckLook(Stage stage) {
        this.stage = stage;
    }

    @Override
    public String name() {
        return "the checks";
    }

    @Override
    public Set<Symptom> symptoms() {
        return Set.of(Symptom.BACKUP, Symptom.RESTORE);
    }

    @Override
    public void take(World world, Evidence evidence) {
        if (evidence.situation().switched()) {
            evidence.without("the checks before a migration", "the target serves already");
            return;
        }
        String uid = evidence.situation().state().map(JournalState::uid).orElse("");
        for (Checks.Result result :
                Checks.run(stage.runbook(), CHECKS::contains, world.runId(), uid, false)) {
            for (Finding finding : result.findings()) {
                if (finding.level() == Finding.Level.UNKNOWN) {
                    evidence.unread(result.step().id(), finding.problem().line());
                }
                Problem problem = finding.problem();
                evidence.saw(
                        Topic.CHECK,
                        problem.object(),
                        "check",
                        result.step().id(),
                        "level",
                        finding.level().word(),
                        "code",
                        problem.code().id(),
                        "what",
                        problem.what(),
                        "remedy",
                        problem.remedy());
            }
        }
    }
}
