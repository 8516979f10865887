package dev.switchback.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.lab.demo.KillDrill;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * SIGKILL at every boundary of the journal that the offline plan lists, a restart from another
 * folder each; run with {@code ./mvnw -Pboundaries verify}.
 */
@Tag("boundaries")
class BoundariesCrashTest {
    private static List<String> boundaries() throws SQLException, InterruptedException {
        return new KillDrill(SharedTemplate.get()).boundaries();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("boundaries")
    void aKillHereEndsMigratedOrRolledBackAndLosesNothing(String boundary)
            throws InterruptedException, SQLException {
        KillDrill.Verdict verdict = new KillDrill(SharedTemplate.get()).at(boundary);
        assertThat(verdict.violations()).isEmpty();
        assertThat(verdict.outcome()).isIn("migrated", "rolledBack");
    }
}
