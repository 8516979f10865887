package dev.switchback.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.engine.Outcome;
import dev.switchback.engine.RunResult;
import dev.switchback.engine.Runbook;
import dev.switchback.fault.Code;
import dev.switchback.fault.ExitCode;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every step acts, fails, is taken back and acts again: attempt after attempt in one lab. */
class DrillKubeTest {

    @Test
    void aFailureReleasesEverythingAndTheNextAttemptSucceeds() throws Exception {
        drill(List.of("copy-tables", "switch-endpoints"));
    }

    @Test
    @Tag("boundaries")
    @Tag("long")
    void everyActingStepBeforeTheCommitPointSurvivesActFailUndoAct() throws Exception {
        List<String> acting;
        try (Rig rig = new Rig();
                Stage stage = rig.stage()) {
            acting =
                    stage.offline().entries().stream()
                            .map(Runbook.Entry::step)
                            .filter(step -> step.acts())
                            .map(step -> step.id())
                            .takeWhile(id -> !id.equals("open-target"))
                            .toList();
        }
        assertThat(acting).hasSizeGreaterThan(10);
        drill(acting);
    }

    private static void drill(List<String> steps) throws Exception {
        try (Rig rig = new Rig()) {
            for (String step : steps) {
                RunResult failed = rig.migrate(book -> Drill.failAt(book, step));
                assertThat(failed.outcome())
                        .as("%s: %s", step, failed.problems())
                        .isEqualTo(Outcome.RELEASED);
                assertThat(failed.exit()).isEqualTo(ExitCode.FAILED);
                assertThat(failed.problems().getFirst().code()).isEqualTo(Code.DRILL);
                assertThat(failed.leftovers()).isEmpty();
                rig.assertSourceServes();
            }
            RunResult done = rig.migrate();
            assertThat(done.outcome()).as("%s", done.problems()).isEqualTo(Outcome.COMPLETED);
            assertThat(done.state().attempt()).isEqualTo(steps.size() + 1);
            rig.assertMigrated();
        }
    }
}
