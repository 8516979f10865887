package dev.switchback.lab.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.lab.demo.Script.Command;
import dev.switchback.lab.traffic.Pace;
import dev.switchback.runbook.SharedTemplate;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The demo's script goes on after a migration: kills on the way back, one ledger over all runs. */
@Tag("boundaries")
class DemoWayBackCrashTest {

    @Test
    void aWayBackThatIsKilledIsTakenUpByTheNextRollback() throws Exception {
        Script script = new Script(Strategy.OFFLINE, List.of(Command.ROLLBACK), true);
        try (Lab lab = Lab.start(SharedTemplate.get(), Pace.DEFAULT.withConnections(1))) {
            DemoRun.Killed killed =
                    new DemoRun(lab, script, false)
                            .runKilledAt(
                                    List.of("fence-source:applied"),
                                    List.of(
                                            "return-stop-writers:intent",
                                            "return-stop-writers:done"),
                                    Duration.ofMillis(500));
            assertThat(killed.words()).hasSize(3).last().isEqualTo("returned");
            DemoRun.Outcome ended = killed.outcome();
            assertThat(ended.exit()).isZero();
            assertThat(ended.document().path("liveSide").asText()).isEqualTo("source");
            assertThat(ended.document().path("runs").size()).isGreaterThanOrEqualTo(2);
            // as long as the loss was accepted by name, rows may be missing; nothing else may
            assertThat(ended.violations()).allMatch(v -> v.startsWith("the ledger is not clean"));
            assertThat(ended.judgement().twoSides()).isZero();
            assertThat(ended.judgement().duplicateWrites()).isZero();
            assertThat(ended.judgement().phantomWrites()).isZero();
        }
    }
}
