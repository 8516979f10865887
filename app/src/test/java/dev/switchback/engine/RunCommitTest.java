package dev.switchback.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.engine.JournalState.Status;
import dev.switchback.fault.Code;
import dev.switchback.fault.ExitCode;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class RunCommitTest {
    private final Toy toy = new Toy();
    private final ToyStep.Act opens = toy.open.apply;
    private final ToyStep.Look looks = toy.open.observe;
    private boolean readable = true;

    private void openThenFail() {
        toy.open.apply =
                c -> {
                    opens.run(c);
                    readable = false;
                    throw new java.io.IOException("connection lost after COMMIT was sent");
                };
        toy.open.observe =
                c -> {
                    if (!readable) {
                        throw new java.io.IOException("target does not answer");
                    }
                    return looks.at(c);
                };
    }

    @Test
    void whileItIsNotKnownWhetherTheTargetOpenedBothSidesStayClosed() {
        openThenFail();
        RunResult result = toy.run().forward();
        assertThat(result.outcome()).isEqualTo(Outcome.COMMIT_UNKNOWN);
        assertThat(result.problems().getFirst().code()).isEqualTo(Code.COMMIT_UNKNOWN);
        assertThat(toy.world.acts).endsWith("target=open");
        assertThat(toy.journal.state().status()).isEqualTo(Status.RUNNING);

        assertThat(toy.run().forward().outcome()).isEqualTo(Outcome.COMMIT_UNKNOWN);
        assertThat(toy.run().abort().outcome()).isEqualTo(Outcome.COMMIT_UNKNOWN);
        assertThat(toy.world.acts).endsWith("target=open");

        readable = true;
        assertThat(toy.run().forward().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(toy.world.targetServes()).isTrue();
        assertThat(toy.world.breaches).isEmpty();
    }

    @Test
    void aLostAnswerToACommitThatHappenedGoesOn() {
        toy.open.apply =
                c -> {
                    opens.run(c);
                    throw new java.io.IOException("connection lost");
                };
        assertThat(toy.run().forward().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(toy.world.breaches).isEmpty();
    }

    @Test
    void aCommitThatDidNotHappenIsReleased() {
        toy.open.apply =
                c -> {
                    throw new java.io.IOException("connection refused");
                };
        assertThat(toy.run().forward().outcome()).isEqualTo(Outcome.RELEASED);
        assertThat(toy.world.sourceServes()).isTrue();
    }

    @Test
    void aCommitWhoseWorkHangsIsUnknownAlthoughItLooksUndone() {
        Run run = toy.run();
        CountDownLatch testOver = new CountDownLatch(1);
        toy.open.apply =
                c -> {
                    run.requestStop(StopReason.TERMINATE);
                    Toy.waitDeafly(testOver);
                };
        assertThat(run.forward().outcome()).isEqualTo(Outcome.COMMIT_UNKNOWN);
        assertThat(toy.world.get("fence")).isEqualTo("on");
        testOver.countDown();
    }

    @Test
    void aFailureAfterTheCommitPointReleasesNothingAndResumes() {
        ToyStep.Act starts = toy.startWriters.apply;
        toy.startWriters.apply = c -> {};
        toy.options(o -> o.withDeadline(Duration.ofMillis(20)));
        RunResult result = toy.run().forward();
        assertThat(result.outcome()).isEqualTo(Outcome.INCOMPLETE_AFTER_COMMIT);
        assertThat(result.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(toy.world.acts).endsWith("target=open");
        toy.startWriters.apply = starts;
        assertThat(toy.run().forward().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(toy.world.targetServes()).isTrue();
    }

    /** Stops the run while the writers start, and tells whether their start was let finish. */
    private RunResult signalWhileTheWritersStart(Run run) {
        ToyStep.Act starts = toy.startWriters.apply;
        toy.startWriters.apply =
                c -> {
                    run.requestStop(StopReason.TERMINATE);
                    c.checkpoint();
                    starts.run(c);
                };
        return run.forward();
    }

    @Test
    void aSignalAfterTheCommitPointWaitsUntilUsersHaveServiceAgain() {
        RunResult result = signalWhileTheWritersStart(toy.run());
        assertThat(result.outcome()).isEqualTo(Outcome.INCOMPLETE_AFTER_COMMIT);
        assertThat(result.exit()).isEqualTo(ExitCode.TERMINATED);
        assertThat(toy.world.targetServes()).isTrue();
        assertThat(toy.world.get("probe")).isEqualTo("none");
        assertThat(toy.world.breaches).isEmpty();
        assertThat(toy.run().forward().outcome()).isEqualTo(Outcome.COMPLETED);
    }

    @Test
    void aSignalInTheCommitThatHappenedWaitsUntilUsersHaveServiceAgain() {
        Run run = toy.run();
        toy.open.apply =
                c -> {
                    opens.run(c);
                    run.requestStop(StopReason.INTERRUPT);
                    c.checkpoint();
                };
        RunResult result = run.forward();
        assertThat(result.outcome()).isEqualTo(Outcome.INCOMPLETE_AFTER_COMMIT);
        assertThat(result.exit()).isEqualTo(ExitCode.INTERRUPTED);
        assertThat(toy.world.targetServes()).isTrue();
        assertThat(toy.world.get("probe")).isEqualTo("none");
    }

    @Test
    void aSignalOnceUsersHaveServiceAgainIsHeededAtOnce() {
        Run run = toy.run();
        toy.probe.apply =
                c -> {
                    run.requestStop(StopReason.TERMINATE);
                    while (true) {
                        c.checkpoint();
                        Thread.sleep(2);
                    }
                };
        RunResult result = run.forward();
        assertThat(result.outcome()).isEqualTo(Outcome.INCOMPLETE_AFTER_COMMIT);
        assertThat(result.exit()).isEqualTo(ExitCode.TERMINATED);
        assertThat(toy.world.targetServes()).isTrue();
    }

    @Test
    void aStartThatFailsAfterASignalEndsTheRunInsteadOfWaitingForever() {
        toy.options(o -> o.withDeadline(Duration.ofMillis(20)));
        Run run = toy.run();
        toy.startWriters.apply = c -> run.requestStop(StopReason.TERMINATE);
        RunResult result = run.forward();
        assertThat(result.outcome()).isEqualTo(Outcome.INCOMPLETE_AFTER_COMMIT);
        assertThat(result.problems().getFirst().code()).isEqualTo(Code.STEP_TIMEOUT);
    }

    @Test
    void aLostLockStopsEvenWhileASignalWaits() {
        Run run = toy.run();
        toy.startWriters.apply =
                c -> {
                    run.requestStop(StopReason.TERMINATE);
                    toy.lock.lost =
                            new dev.switchback.fault.Problem(Code.LOCKED, "toy", "gone", "");
                    while (true) {
                        c.checkpoint();
                        Thread.sleep(2);
                    }
                };
        org.assertj.core.api.Assertions.assertThatThrownBy(run::forward)
                .isInstanceOf(dev.switchback.fault.SwitchbackException.class);
        assertThat(toy.world.get("writers")).isEqualTo("0");
    }
}
