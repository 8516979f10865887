package dev.switchback.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.engine.JournalState.Status;
import dev.switchback.engine.JournalState.StepState;
import dev.switchback.lab.demo.Program;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** SIGTERM and Ctrl-C to the shipped program at every kind of moment, one migration through. */
@Tag("boundaries")
class StopCrashTest {

    @Test
    void aStopIsResumableBeforeTheDowntimeReleasesInItAndWaitsForServiceAfterTheCommit()
            throws Exception {
        try (Rig rig = new Rig()) {
            Program.Running inPrepare = rig.start("migrate", "--yes");
            rig.awaitBegun(inPrepare, "create-schema");
            inPrepare.terminate();
            assertThat(inPrepare.await(30).exit()).isEqualTo(143);
            assertThat(rig.journal().status()).isEqualTo(Status.RUNNING);
            assertThat(rig.journal().attempt()).isEqualTo(1);
            assertThat(rig.journal().steps())
                    .noneMatch(record -> record.state() == StepState.UNDONE);

            Program.Running inDowntime = rig.start("migrate", "--yes");
            rig.awaitBegun(inDowntime, "copy-tables");
            inDowntime.terminate();
            Program.Result released = inDowntime.await(30);
            assertThat(released.exit()).as(released.err()).isEqualTo(143);
            assertThat(released.out()).contains("\"rolledBack\"");
            rig.assertSourceServes();

            Program.Running ctrlC = rig.start("migrate", "--yes");
            rig.awaitBegun(ctrlC, "build-indexes");
            ctrlC.interrupt();
            Program.Result interrupted = ctrlC.await(30);
            assertThat(interrupted.exit()).as(interrupted.err()).isEqualTo(130);
            assertThat(interrupted.out()).contains("\"rolledBack\"");
            rig.assertSourceServes();

            Program.Running afterCommit = rig.start("migrate", "--yes");
            rig.awaitBegun(afterCommit, "start-writers");
            afterCommit.terminate();
            Program.Result served = afterCommit.await(60);
            assertThat(served.exit()).as(served.err()).isEqualTo(143);
            assertThat(rig.journal().step("start-writers").orElseThrow().state())
                    .isEqualTo(StepState.DONE);

            Program.Result done = rig.start("migrate", "--yes").await(60);
            assertThat(done.exit()).as(done.err()).isZero();
            assertThat(rig.journal().attempt()).isEqualTo(3);
            rig.assertMigrated();
        }
    }
}
