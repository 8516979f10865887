package dev.switchback.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.lab.demo.KillDrill;
import dev.switchback.lab.demo.Strategy;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * SIGKILL at every boundary of the journal that the offline plan lists, a restart from another
 * folder after each; eight migrations share the boundaries, so that each is killed several times
 * ({@code demo --kill-at each} gives every boundary a migration of its own). Run with {@code ./mvnw
 * -Pboundaries verify}.
 */
@Tag("boundaries")
@Tag("long")
class BoundariesCrashTest {
    private static final int MIGRATIONS = 8;

    private static List<KillDrill.Chain> chains() throws SQLException, InterruptedException {
        return KillDrill.chains(
                new KillDrill(SharedTemplate.get(), Strategy.OFFLINE).boundaries(), MIGRATIONS);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("chains")
    void aMigrationKilledAtEachOfTheseEndsMigratedAndLosesNothing(KillDrill.Chain chain)
            throws InterruptedException, SQLException {
        assertThat(new KillDrill(SharedTemplate.get(), Strategy.OFFLINE).along(chain)).isEmpty();
    }
}
