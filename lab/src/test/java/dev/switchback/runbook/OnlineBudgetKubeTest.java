package dev.switchback.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.engine.Outcome;
import dev.switchback.engine.RunResult;
import dev.switchback.fault.Code;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every step of the pause in turn takes longer than the whole pause may. */
@Tag("boundaries")
@Tag("long")
class OnlineBudgetKubeTest {
    private static final Duration TOO_LONG = Duration.ofSeconds(6);

    @Test
    void whateverStepOfThePauseTakesTooLongUsersHaveTheSourceAgainAndTheLinkLives()
            throws Exception {
        try (OnlineRig online = new OnlineRig()) {
            Path hurried =
                    online.document(
                            OnlineRig.BUDGETS,
                            "budgets: {stopWriters: 60s, startWriters: 60s, writePause: 4s}");
            List<String> steps = online.actingSteps("fence-source", "open-target");
            assertThat(steps).contains("drain-link", "create-reverse-link").hasSizeGreaterThan(7);
            for (String step : steps) {
                RunResult late =
                        online.migrate(
                                hurried,
                                book ->
                                        Rig.with(
                                                book,
                                                step,
                                                real -> AlteredStep.thenLingers(real, TOO_LONG)),
                                options -> options);
                OnlineRig.assertReleased(late);
                assertThat(late.problems().getFirst().code())
                        .as("%s: %s", step, late.problems())
                        .isEqualTo(Code.PAUSE_OVER_BUDGET);
                online.assertOpenOnTheOldSideWithAHealthyLink();
            }
            RunResult done = online.migrate();
            assertThat(done.outcome()).as("%s", done.problems()).isEqualTo(Outcome.COMPLETED);
            online.assertOpenOnTheTargetWithAHealthyLink();
            online.rig.assertMigrated();
        }
    }
}
