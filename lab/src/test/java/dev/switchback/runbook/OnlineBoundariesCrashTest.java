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
 * SIGKILL behind the act of every step of the online plan, before it is journalled as done, and of
 * the way back: what may have happened is what a successor has to find out. Six migrations share
 * them, so that each is killed several times in both directions. With {@code -Dboundaries=all}
 * every boundary of the journal, shared by twelve; {@code demo --strategy online --kill-at each
 * --then rollback} gives every boundary a migration of its own.
 */
@Tag("boundaries")
@Tag("long")
class OnlineBoundariesCrashTest {
    private static final boolean ALL = "all".equals(System.getProperty("boundaries"));

    private static KillDrill drill() throws SQLException {
        return KillDrill.thereAndBack(SharedTemplate.get(), Strategy.ONLINE);
    }

    private static List<KillDrill.Chain> chains() throws SQLException, InterruptedException {
        KillDrill.Boundaries all = drill().boundaries();
        return ALL
                ? KillDrill.chains(all, 12)
                : KillDrill.chains(all.only(boundary -> boundary.endsWith(":applied")), 6);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("chains")
    void killedThereAndBackItEndsOnTheSourceAndLosesNothing(KillDrill.Chain chain)
            throws InterruptedException, SQLException {
        assertThat(drill().along(chain)).isEmpty();
    }
}
