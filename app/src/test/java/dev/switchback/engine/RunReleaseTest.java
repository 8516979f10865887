package dev.switchback.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchback.engine.JournalState.Status;
import dev.switchback.engine.JournalState.StepState;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RunReleaseTest {
    private final Toy toy = new Toy();

    private static ToyStep.Act fails() {
        return c -> {
            throw new IllegalStateException("on purpose");
        };
    }

    @Test
    void whatServesIsPutBackFirstAndNewestFirst() {
        toy.open.apply = fails();
        RunResult result = toy.run().forward();
        assertThat(result.outcome()).isEqualTo(Outcome.RELEASED);
        assertThat(result.problems().getFirst().what()).isEqualTo("on purpose");
        assertThat(toy.world.acts)
                .endsWith("endpoint=source", "fence=off", "writers=3", "reverse=none");
        assertThat(toy.world.get("slot")).isEqualTo("made");
        assertThat(toy.journal.state().run()).isNull();
    }

    @Test
    void aFailedUndoOfWhatServesIsTriedAgainByTheNextRun() {
        toy.open.apply = fails();
        ToyStep.Act undo = toy.fence.undo;
        toy.fence.undo = fails();
        RunResult first = toy.run().forward();
        assertThat(first.outcome()).isEqualTo(Outcome.RELEASE_INCOMPLETE);
        assertThat(first.problems()).extracting(p -> p.code()).contains(Code.UNDO_FAILED);
        assertThat(toy.journal.state().status()).isEqualTo(Status.RELEASING);
        assertThat(toy.world.get("reverse")).isEqualTo("made");

        toy.fence.undo = undo;
        RunResult second = toy.run().forward();
        assertThat(second.outcome()).isEqualTo(Outcome.RELEASED);
        assertThat(second.problems().getFirst().what())
                .contains("release of the earlier run finished")
                .contains("on purpose");
        assertThat(toy.world.sourceServes()).isTrue();
    }

    @Test
    void anUndoThatFailsOnceIsTriedAgainAtOnce() {
        toy.open.apply = fails();
        ToyStep.Act undo = toy.fence.undo;
        AtomicInteger tries = new AtomicInteger();
        toy.fence.undo =
                c -> {
                    if (tries.incrementAndGet() == 1) {
                        throw new IllegalStateException("blip");
                    }
                    undo.run(c);
                };
        assertThat(toy.run().forward().outcome()).isEqualTo(Outcome.RELEASED);
    }

    @Test
    void anUnreachableTargetLeavesSomethingOverButTheSourceServes() {
        toy.open.apply = fails();
        ToyStep.Act undo = toy.reverse.undo;
        toy.reverse.undo = fails();
        RunResult first = toy.run().forward();
        assertThat(first.outcome()).isEqualTo(Outcome.RELEASED);
        assertThat(first.leftovers()).hasSize(1);
        assertThat(toy.world.sourceServes()).isTrue();
        assertThat(toy.journal.state().step("reverse").orElseThrow().state())
                .isEqualTo(StepState.LEFTOVER);

        RunResult second = toy.run().forward();
        assertThat(second.outcome()).isEqualTo(Outcome.RELEASED);
        assertThat(second.leftovers()).hasSize(1);
        assertThat(toy.journal.state().attempt()).isEqualTo(1);

        toy.reverse.undo = undo;
        RunResult third = toy.run().forward();
        assertThat(third.outcome()).isEqualTo(Outcome.RELEASED);
        assertThat(toy.journal.state().attempt()).isEqualTo(2);
        assertThat(toy.world.get("reverse")).isEqualTo("none");
    }

    @Test
    void theNextAttemptKeepsTheFirstCaptureOfWhatIsKept() {
        toy.open.apply = fails();
        toy.run().forward();
        toy.world.set("roles", "dropped by somebody");
        toy.run().forward();
        assertThat(toy.journal.state().attempt()).isEqualTo(2);
        assertThat(toy.world.get("roles")).isEqualTo("made");
        assertThat(toy.journal.state().step("roles").orElseThrow().captured())
                .isEqualTo(Facts.of("was", "none"));
        assertThat(toy.journal.state().step("roles").orElseThrow().attempt()).isEqualTo(2);
    }

    @Test
    void theNextAttemptCapturesAnewWhatWasUndone() {
        ToyStep.Act open = toy.open.apply;
        toy.open.apply = fails();
        toy.run().forward();
        toy.world.set("writers", "5");
        toy.open.apply = open;
        assertThat(toy.run().forward().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(toy.journal.state().step("stop-writers").orElseThrow().captured())
                .isEqualTo(Facts.of("was", "5"));
    }

    @Test
    void abortTakesBackWhatIsKeptToo() {
        var before = toy.world.all();
        toy.options(o -> o.withUntil(Phase.PREPARE));
        toy.run().forward();
        RunResult result = toy.run().abort();
        assertThat(result.outcome()).isEqualTo(Outcome.ABORTED);
        assertThat(toy.world.all()).isEqualTo(before);
        assertThat(toy.run().abort().outcome()).isEqualTo(Outcome.ABORTED);
        toy.options(o -> o);
        assertThat(toy.run().forward().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(toy.journal.state().attempt()).isEqualTo(2);
    }

    @Test
    void abortAfterAReleaseTakesBackWhatTheReleaseKept() {
        var before = toy.world.all();
        toy.open.apply = fails();
        toy.run().forward();
        assertThat(toy.run().abort().outcome()).isEqualTo(Outcome.ABORTED);
        assertThat(toy.world.all()).isEqualTo(before);
    }

    @Test
    void abortPastTheCommitPointIsRefused() {
        toy.startWriters.apply = fails();
        RunResult result = toy.run().forward();
        assertThat(result.outcome()).isEqualTo(Outcome.INCOMPLETE_AFTER_COMMIT);
        var world = toy.world.all();
        assertThatThrownBy(() -> toy.run().abort())
                .isInstanceOfSatisfying(
                        SwitchbackException.class,
                        e -> assertThat(e.code()).isEqualTo(Code.WOULD_LOSE_WRITES));
        assertThat(toy.world.all()).isEqualTo(world);
    }

    @Test
    void anErrorInAStepReleasesLikeAnyFailure() {
        toy.endpoint.apply =
                c -> {
                    throw new StackOverflowError("deep");
                };
        assertThat(toy.run().forward().outcome()).isEqualTo(Outcome.RELEASED);
        assertThat(toy.world.sourceServes()).isTrue();
    }

    @Test
    void aJournalThatFailsDuringTheReleaseKeepsTheSourceFromNobody() {
        toy.open.apply = fails();
        Journal failing =
                new Journal() {
                    private boolean dead;

                    @Override
                    public Optional<Stored> read() {
                        return toy.journal.read();
                    }

                    @Override
                    public Stored swap(String version, JournalState next) throws Conflict {
                        if (dead) {
                            throw new SwitchbackException(
                                    Code.KUBE_UNREACHABLE, "journal", "timed out", "");
                        }
                        dead = next.status() == Status.RELEASING;
                        return toy.journal.swap(version, next);
                    }
                };
        assertThatThrownBy(() -> toy.run(failing).forward()).hasMessageContaining("timed out");
        assertThat(toy.world.sourceServes()).isTrue();
        assertThat(toy.run().forward().outcome()).isEqualTo(Outcome.RELEASED);
    }
}
