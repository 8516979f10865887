package dev.switchback.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.engine.Outcome;
import dev.switchback.engine.RunResult;
import dev.switchback.engine.Runbook;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A step whose act does nothing is noticed: each of the runbook's in turn, in one lab; with every
 * real kill, in the slow profile.
 */
@Tag("boundaries")
@Tag("long")
class NoOpAppliesKubeTest {
    private static final Duration SOON = Duration.ofMillis(600);

    @Test
    void noActingStepIsBelievedWithoutItsEffect() throws Exception {
        SoftAssertions all = new SoftAssertions();
        List<String> tried = new ArrayList<>();
        try (Rig rig = new Rig()) {
            List<String> acting;
            try (Stage stage = rig.stage()) {
                acting =
                        stage.offline().entries().stream()
                                .map(Runbook.Entry::step)
                                .filter(step -> step.acts())
                                .map(step -> step.id())
                                .toList();
            }
            for (String step : acting) {
                RunResult result =
                        rig.migrate(
                                rig.lab.document(),
                                book -> Rig.with(book, step, real -> AlteredStep.idle(real, SOON)),
                                options -> options);
                tried.add(step);
                all.assertThat(result.outcome())
                        .as("%s as a no-op: %s", step, result.problems())
                        .isNotEqualTo(Outcome.COMPLETED);
                if (result.outcome() == Outcome.COMPLETED) {
                    break;
                }
            }
            assertThat(tried).contains("open-target", "start-writers");
            all.assertAll();
            RunResult done = rig.migrate();
            assertThat(done.outcome()).as("%s", done.problems()).isEqualTo(Outcome.COMPLETED);
        }
    }
}
