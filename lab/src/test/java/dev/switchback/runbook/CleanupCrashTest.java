package dev.switchback.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.engine.JournalState.Status;
import dev.switchback.lab.demo.Boundary;
import dev.switchback.lab.demo.OpenSides;
import dev.switchback.lab.demo.Program;
import dev.switchback.lab.kube.MastodonCluster;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One cleanup, killed at one boundary after the other, and ended by the last process. */
@Tag("boundaries")
@Timeout(300)
class CleanupCrashTest {
    private static final List<String> BOUNDARIES =
            List.of(
                    "take-last-backup:applied",
                    "drop-links:intent",
                    "drop-links:applied",
                    "lower-source-fence:intent",
                    "lower-source-fence:applied",
                    "clear-target:applied",
                    "remove-kept-values:intent",
                    "close-target-superuser:applied");

    @Test
    void aCleanupKilledAgainAndAgainIsFinishedAndLeavesNothing() throws Exception {
        try (Cleanable world = new Cleanable()) {
            world.watched(world.after(Duration.ofDays(8)), world.opened, List.of());
            for (String boundary : BOUNDARIES) {
                kill(world, boundary);
                assertThat(OpenSides.of(world.rig.lab))
                        .as("after the kill at " + boundary)
                        .isEqualTo(new OpenSides(false, true));
            }
            Program.Result last = world.run("cleanup", "--confirm", MastodonCluster.SOURCE);
            assertThat(last.exit()).as(last.err()).isZero();
            assertThat(world.rig.journal().status()).isEqualTo(Status.CLEANED);
            assertThat(world.inventory().left()).isEmpty();
            assertThat(
                            world.rig
                                    .lab
                                    .applications()
                                    .awaitServing(world.rig.lab.pods(), Duration.ofSeconds(30)))
                    .isTrue();
        }
    }

    private static void kill(Cleanable world, String boundary) throws Exception {
        Program.Running[] run = new Program.Running[1];
        Boundary kill = new Boundary(boundary, () -> run[0].kill());
        synchronized (run) {
            world.rig.lab.kube().intercept(kill);
            run[0] =
                    world.start(
                            world.rig.lab.cleanupKubeconfig(),
                            "cleanup",
                            "--confirm",
                            MastodonCluster.SOURCE);
        }
        Program.Result ended = run[0].await(120);
        world.rig.lab.kube().release();
        assertThat(kill.reached()).as(boundary + ": " + ended.err()).isTrue();
    }
}
