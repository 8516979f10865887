package dev.switchback.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchback.engine.JournalState.Request;
import dev.switchback.engine.JournalState.Status;
import dev.switchback.engine.JournalState.StepState;
import dev.switchback.fault.Code;
import dev.switchback.fault.ExitCode;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class RunStopTest {
    private final Toy toy = new Toy();

    /** Works until stopped, having told that it began. */
    private static ToyStep.Act endless(Runnable begun) {
        return c -> {
            begun.run();
            while (true) {
                c.checkpoint();
                Thread.sleep(2);
            }
        };
    }

    private void request(String kind) {
        toy.journal.edit(
                s -> new Draft(s).request(new Request(kind, "bob", Instant.EPOCH)).build());
    }

    private void takeOver() {
        toy.journal.edit(s -> new Draft(s).epoch(s.epoch() + 1).build());
    }

    @Test
    void sigtermOutsideTheDowntimeStopsResumablyAndUndoesNothing() {
        Run run = toy.run();
        ToyStep.Act works = toy.slot.apply;
        toy.slot.apply = endless(() -> run.requestStop(StopReason.TERMINATE));
        RunResult result = run.forward();
        assertThat(result.outcome()).isEqualTo(Outcome.INTERRUPTED);
        assertThat(result.exit()).isEqualTo(ExitCode.TERMINATED);
        assertThat(toy.world.acts).containsExactly("roles=made");
        assertThat(toy.journal.state().status()).isEqualTo(Status.RUNNING);
        assertThat(toy.journal.state().run()).isNull();
        assertThat(toy.journal.state().step("slot").orElseThrow().state())
                .isEqualTo(StepState.INTENT);
        toy.slot.apply = works;
        assertThat(toy.run().forward().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(toy.journal.state().step("slot").orElseThrow().found()).isFalse();
    }

    @Test
    void ctrlCInsideTheDowntimeReleases() {
        Run run = toy.run();
        toy.endpoint.apply = endless(() -> run.requestStop(StopReason.INTERRUPT));
        RunResult result = run.forward();
        assertThat(result.outcome()).isEqualTo(Outcome.RELEASED);
        assertThat(result.exit()).isEqualTo(ExitCode.INTERRUPTED);
        assertThat(toy.world.sourceServes()).isTrue();
    }

    @Test
    void aStopBeforeTheRunBeganIsHeeded() {
        Run run = toy.run();
        run.requestStop(StopReason.INTERRUPT);
        assertThat(run.forward().outcome()).isEqualTo(Outcome.INTERRUPTED);
        assertThat(toy.world.acts).isEmpty();
    }

    @Test
    void hooksRunBeforeTheInterruptAndFreeWorkThatCannotBeInterrupted() {
        Run run = toy.run();
        CountDownLatch socketClosed = new CountDownLatch(1);
        AtomicBoolean interruptedFirst = new AtomicBoolean();
        toy.slot.apply =
                c -> {
                    try (AutoCloseable hook = c.onStop(socketClosed::countDown)) {
                        assertThat(hook).isNotNull();
                        run.requestStop(StopReason.INTERRUPT);
                        try {
                            assertThat(socketClosed.await(5, TimeUnit.SECONDS)).isTrue();
                        } catch (InterruptedException e) {
                            interruptedFirst.set(socketClosed.getCount() > 0);
                        }
                        throw new java.io.IOException("socket closed");
                    }
                };
        assertThat(run.forward().outcome()).isEqualTo(Outcome.INTERRUPTED);
        assertThat(socketClosed.getCount()).isZero();
        assertThat(interruptedFirst).isFalse();
    }

    @Test
    void workThatIgnoresTheStopStaysALeftoverAfterItsUndo() {
        Run run = toy.run();
        CountDownLatch testOver = new CountDownLatch(1);
        ToyStep.Act works = toy.endpoint.apply;
        toy.endpoint.apply =
                c -> {
                    run.requestStop(StopReason.TERMINATE);
                    Toy.waitDeafly(testOver);
                };
        RunResult result = run.forward();
        assertThat(result.outcome()).isEqualTo(Outcome.RELEASED);
        assertThat(result.leftovers()).hasSize(1);
        assertThat(toy.world.sourceServes()).isTrue();
        testOver.countDown();
        toy.endpoint.apply = works;
        assertThat(toy.run().forward().outcome()).isEqualTo(Outcome.COMPLETED);
    }

    @Test
    void aSecondSignalEndsTheReleaseOnlyAfterTheServiceIsBack() {
        Run run = toy.run();
        toy.open.apply = endless(() -> run.requestStop(StopReason.TERMINATE));
        ToyStep.Act undo = toy.endpoint.undo;
        toy.endpoint.undo =
                c -> {
                    run.requestStop(StopReason.TERMINATE);
                    undo.run(c);
                };
        RunResult result = run.forward();
        assertThat(result.outcome()).isEqualTo(Outcome.RELEASE_INCOMPLETE);
        assertThat(result.exit()).isEqualTo(ExitCode.TERMINATED);
        assertThat(toy.world.sourceServes()).isTrue();
        assertThat(toy.world.get("reverse")).isEqualTo("made");
        assertThat(toy.run().forward().outcome()).isEqualTo(Outcome.RELEASED);
        assertThat(toy.world.get("reverse")).isEqualTo("none");
    }

    @Test
    void aLostEpochForbidsEveryFurtherActAndUndo() {
        toy.endpoint.apply =
                c -> {
                    takeOver();
                    throw new IllegalStateException("and a failure on top");
                };
        assertLost(Code.EPOCH_LOST, "reverse=made");
    }

    @Test
    void anEpochLostDuringLongWorkStopsIt() {
        toy.endpoint.apply = endless(this::takeOver);
        assertLost(Code.EPOCH_LOST, "reverse=made");
    }

    @Test
    void anEpochLostDuringTheReleaseStopsTheRelease() {
        toy.open.apply =
                c -> {
                    throw new IllegalStateException("no");
                };
        toy.endpoint.undo = c -> takeOver();
        assertLost(Code.EPOCH_LOST, "endpoint=target");
    }

    @Test
    void aLostLockForbidsEveryFurtherActAndUndo() {
        toy.endpoint.apply =
                endless(() -> toy.lock.lost = new Problem(Code.LOCKED, "toy", "session ended", ""));
        assertLost(Code.LOCKED, "reverse=made");
    }

    private void assertLost(Code code, String lastAct) {
        assertThatThrownBy(() -> toy.run().forward())
                .isInstanceOfSatisfying(
                        SwitchbackException.class, e -> assertThat(e.code()).isEqualTo(code));
        assertThat(toy.world.acts).endsWith(lastAct);
        assertThat(toy.lock.held).isFalse();
    }

    @Test
    void aRequestToAbortPutsEverythingBack() {
        var before = toy.world.all();
        toy.slot.apply = endless(() -> request("abort"));
        RunResult result = toy.run().forward();
        assertThat(result.outcome()).isEqualTo(Outcome.ABORTED);
        assertThat(result.problems().getFirst().what()).contains("bob");
        assertThat(toy.world.all()).isEqualTo(before);
        assertThat(toy.journal.state().request()).isNull();
    }

    @Test
    void aRequestToRollBackReleasesAndKeepsWhatIsKept() {
        toy.endpoint.apply = endless(() -> request("rollback"));
        RunResult result = toy.run().forward();
        assertThat(result.outcome()).isEqualTo(Outcome.RELEASED);
        assertThat(toy.world.sourceServes()).isTrue();
        assertThat(toy.world.get("slot")).isEqualTo("made");
        assertThat(toy.journal.state().request()).isNull();
    }

    @Test
    void aRequestThatWaitsSinceBeforeTheRunIsTakenAtOnce() {
        toy.options(o -> o.withUntil(Phase.PREPARE));
        toy.run().forward();
        request("rollback");
        toy.options(o -> o);
        assertThat(toy.run().forward().outcome()).isEqualTo(Outcome.RELEASED);
        assertThat(toy.world.acts).containsExactly("roles=made", "slot=made");
    }

    @Test
    void aRequestPastTheCommitPointIsLeftToTheCaller() {
        CountDownLatch noted = new CountDownLatch(1);
        ToyStep.Act starts = toy.startWriters.apply;
        toy.startWriters.apply =
                c -> {
                    request("rollback");
                    for (int i = 0; i < 500 && noted.getCount() > 0; i++) {
                        if (toy.events.toString().contains("left alone")) {
                            noted.countDown();
                        }
                        Thread.sleep(5);
                    }
                    starts.run(c);
                };
        assertThat(toy.run().forward().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(noted.getCount()).isZero();
    }
}
