package dev.switchback.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.lab.demo.KillDrill;
import dev.switchback.lab.demo.Strategy;
import java.sql.SQLException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One SIGKILL in every phase; {@link BoundariesCrashTest} kills everywhere. */
@Tag("boundaries")
class PhaseKillCrashTest {

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "check-target:done",
                "create-schema:applied",
                "copy-tables:intent",
                "open-target:applied",
                "verify-content:done"
            })
    void aKillInThisPhaseEndsMigratedAndLosesNothing(String boundary)
            throws InterruptedException, SQLException {
        KillDrill.Verdict verdict =
                new KillDrill(SharedTemplate.get(), Strategy.OFFLINE).at(boundary);
        assertThat(verdict.violations()).isEmpty();
        assertThat(verdict.outcome()).isEqualTo("migrated");
    }
}
