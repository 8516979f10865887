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
 * SIGKILL at every boundary of the journal that the online plan lists, and at every one of the way
 * back; twelve migrations share them, so that each is killed several times in both directions
 * ({@code demo --strategy online --kill-at each --then rollback} gives every boundary a migration
 * of its own).
 */
@Tag("boundaries")
class OnlineBoundariesCrashTest {
    private static final int MIGRATIONS = 12;

    private static KillDrill drill() throws SQLException {
        return KillDrill.thereAndBack(SharedTemplate.get(), Strategy.ONLINE);
    }

    private static List<KillDrill.Chain> chains() throws SQLException, InterruptedException {
        return KillDrill.chains(drill().boundaries(), MIGRATIONS);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("chains")
    void killedThereAndBackItEndsOnTheSourceAndLosesNothing(KillDrill.Chain chain)
            throws InterruptedException, SQLException {
        assertThat(drill().along(chain)).isEmpty();
    }
}
