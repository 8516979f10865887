package dev.switchback.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchback.engine.JournalState.Status;
import dev.switchback.engine.JournalState.StepRecord;
import dev.switchback.engine.JournalState.StepState;
import dev.switchback.fault.Code;
import dev.switchback.fault.ExitCode;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.progress.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RunForwardTest {
    private final Toy toy = new Toy();

    @Test
    void aRunWithoutTroubleEndsWithTheTargetServing() {
        RunResult result = toy.run().forward();
        assertThat(result.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(result.exit()).isEqualTo(ExitCode.OK);
        assertThat(toy.world.targetServes()).isTrue();
        assertThat(toy.world.breaches).isEmpty();
        assertThat(toy.journal.state().status()).isEqualTo(Status.COMPLETED);
        assertThat(toy.journal.state().run()).isNull();
        assertThat(result.state()).isEqualTo(toy.journal.state());
        assertThat(toy.lock.held).isFalse();
        assertThat(toy.audit()).contains("begin fence", "done fence", "completed");
    }

    @Test
    void aCompletedMigrationIsNotTouchedAgain() {
        toy.run().forward();
        long epoch = toy.journal.state().epoch();
        assertThat(toy.run().forward().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(toy.journal.state().epoch()).isEqualTo(epoch);
    }

    @Test
    void theIntentWithItsCaptureIsDurableBeforeTheAct() {
        AtomicReference<Optional<StepRecord>> seen = new AtomicReference<>(Optional.empty());
        ToyStep.Act act = toy.stopWriters.apply;
        toy.stopWriters.apply =
                c -> {
                    seen.set(toy.journal.state().step("stop-writers"));
                    assertThat(c.captured()).isEqualTo(Facts.of("was", "3"));
                    act.run(c);
                };
        assertThat(toy.run().forward().outcome()).isEqualTo(Outcome.COMPLETED);
        StepRecord intent = seen.get().orElseThrow();
        assertThat(intent.state()).isEqualTo(StepState.INTENT);
        assertThat(intent.captured()).isEqualTo(Facts.of("was", "3"));
    }

    @Test
    void theCommitPointAndItsStatusAreOneWrite() {
        toy.run().forward();
        for (JournalState state : toy.journal.history) {
            boolean done =
                    state.step("open-target").filter(r -> r.state() == StepState.DONE).isPresent();
            boolean committed =
                    state.status() == Status.COMMITTED || state.status() == Status.COMPLETED;
            assertThat(done).isEqualTo(committed);
        }
    }

    @Test
    void whatWasAlreadySoIsJournalledAsFoundAndLeftByUndo() {
        toy.world.set("fence", "on");
        toy.endpoint.apply =
                c -> {
                    throw new IllegalStateException("no");
                };
        RunResult result = toy.run().forward();
        assertThat(result.outcome()).isEqualTo(Outcome.RELEASED);
        assertThat(toy.journal.state().step("fence").orElseThrow().found()).isTrue();
        assertThat(toy.world.get("fence")).isEqualTo("on");
        assertThat(toy.world.get("writers")).isEqualTo("3");
    }

    @Test
    void evidenceSaidWhileApplyingJoinsWhatIsObserved() {
        ToyStep.Act act = toy.slot.apply;
        toy.slot.apply =
                c -> {
                    act.run(c);
                    c.evidence("lsn", "0/16B3748");
                };
        AtomicReference<Optional<Facts>> later = new AtomicReference<>(Optional.empty());
        ToyStep.Act fence = toy.fence.apply;
        toy.fence.apply =
                c -> {
                    later.set(c.evidenceOf("slot"));
                    fence.run(c);
                };
        toy.run().forward();
        Facts both = Facts.of("lsn", "0/16B3748", "slot", "made");
        assertThat(toy.journal.state().step("slot").orElseThrow().evidence()).isEqualTo(both);
        assertThat(later.get()).contains(both);
    }

    @Test
    void anEffectThatShowsLateIsWaitedFor() {
        AtomicInteger looks = new AtomicInteger();
        ToyStep.Look look = toy.slot.observe;
        toy.slot.observe =
                c -> looks.incrementAndGet() < 6 ? Observation.todo("not yet") : look.at(c);
        assertThat(toy.run().forward().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(looks.get()).isEqualTo(6);
    }

    @Test
    void aBlipWhileLookingIsNoFailure() {
        AtomicInteger looks = new AtomicInteger();
        ToyStep.Look look = toy.fence.observe;
        toy.fence.observe =
                c -> {
                    if (looks.incrementAndGet() % 2 == 1) {
                        throw new java.io.IOException("blip");
                    }
                    return look.at(c);
                };
        assertThat(toy.run().forward().outcome()).isEqualTo(Outcome.COMPLETED);
    }

    @Test
    void stepsThatDoNothingTimeOutAndAreReleased() {
        List<ToyStep> all =
                List.of(
                        toy.roles,
                        toy.slot,
                        toy.stopWriters,
                        toy.fence,
                        toy.reverse,
                        toy.endpoint,
                        toy.open,
                        toy.startWriters,
                        toy.probe);
        all.forEach(step -> step.apply = c -> {});
        toy.options(o -> o.withDeadline(Duration.ofMillis(20)));
        RunResult result = toy.run().forward();
        assertThat(result.outcome()).isEqualTo(Outcome.RELEASED);
        assertThat(result.problems().getFirst().code()).isEqualTo(Code.STEP_TIMEOUT);
        assertThat(result.problems().getFirst().what()).contains("roles is none");
        assertThat(result.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(toy.world.sourceServes()).isTrue();
    }

    @Test
    void oneStepThatDoesNothingInTheDowntimeTimesOutAndIsReleased() {
        for (ToyStep idle : List.of(toy.stopWriters, toy.fence, toy.endpoint, toy.open)) {
            ToyStep.Act act = idle.apply;
            idle.apply = c -> {};
            toy.options(o -> o.withDeadline(Duration.ofMillis(20)));
            RunResult result = toy.run().forward();
            assertThat(result.outcome()).as(idle.id()).isEqualTo(Outcome.RELEASED);
            assertThat(result.problems().getFirst().code()).isEqualTo(Code.STEP_TIMEOUT);
            assertThat(toy.world.sourceServes()).as(idle.id()).isTrue();
            idle.apply = act;
        }
    }

    @Test
    void aBlockingCheckEndsTheAttemptWithoutTouchingAnything() {
        toy.check.observe =
                c -> Observation.impossible(new Problem(Code.TARGET_NOT_EMPTY, "t", "full", ""));
        RunResult result = toy.run().forward();
        assertThat(result.outcome()).isEqualTo(Outcome.RELEASED);
        assertThat(result.exit()).isEqualTo(ExitCode.BLOCKED);
        assertThat(toy.world.acts).isEmpty();
        assertThat(toy.journal.state().steps()).isEmpty();
    }

    @Test
    void aBlockingProblemAfterTheChecksIsAFailure() {
        toy.slot.observe =
                c -> Observation.impossible(new Problem(Code.PG_PRIVILEGE, "t", "no", ""));
        RunResult result = toy.run().forward();
        assertThat(result.outcome()).isEqualTo(Outcome.RELEASED);
        assertThat(result.exit()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void aRunUntilAPhaseStopsAfterItAndGoesOnLater() {
        toy.options(o -> o.withUntil(Phase.PREPARE));
        RunResult result = toy.run().forward();
        assertThat(result.outcome()).isEqualTo(Outcome.STOPPED_AT_PHASE);
        assertThat(toy.world.acts).containsExactly("roles=made", "slot=made");
        toy.options(o -> o);
        assertThat(toy.run().forward().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(toy.journal.state().attempt()).isEqualTo(1);
    }

    @Test
    void aClosedGateWaitsAndLeavesEverythingAsItIs() {
        List<String> closed = new ArrayList<>(List.of("nobody approved"));
        toy.with(b ->
                b.gate(
                        new Gate() {
                            @Override
                            public String id() {
                                return "approval";
                            }

                            @Override
                            public String before() {
                                return "stop-writers";
                            }

                            @Override
                            public Optional<String> closedBecause(StepContext c) {
                                return closed.stream().findFirst();
                            }
                        }));
        RunResult result = toy.run().forward();
        assertThat(result.outcome()).isEqualTo(Outcome.WAITING);
        assertThat(result.exit()).isEqualTo(ExitCode.WAITING);
        assertThat(result.problems().getFirst().what()).isEqualTo("nobody approved");
        assertThat(toy.world.acts).containsExactly("roles=made", "slot=made");
        closed.clear();
        assertThat(toy.run().forward().outcome()).isEqualTo(Outcome.COMPLETED);
    }

    @Test
    void aJournalOfAnotherMigrationIsRefused() {
        toy.run().forward();
        toy.options(o -> RunOptions.of("toy/other", "uid-2", "run-x", "ada"));
        assertThatThrownBy(() -> toy.run().forward())
                .isInstanceOfSatisfying(
                        SwitchbackException.class,
                        e -> assertThat(e.code()).isEqualTo(Code.JOURNAL_OTHER));
    }

    @Test
    void theAuditTrailKeepsTheNewestEntries() {
        toy.options(o -> o.withUntil(Phase.CHECK));
        for (int i = 0; i < JournalState.MAX_AUDIT; i++) {
            toy.run().forward();
        }
        assertThat(toy.journal.state().audit()).hasSize(JournalState.MAX_AUDIT);
        assertThat(toy.journal.state().audit().getLast().runId())
                .isEqualTo("run-" + JournalState.MAX_AUDIT);
        assertThat(toy.journal.state().audit().getLast().who()).isEqualTo("ada");
    }

    @Test
    void stepsAreToldWithTheirPhase() {
        toy.run().forward();
        assertThat(toy.events)
                .contains(new Progress.StepStarted("fence", "fence", "cutover", true));
    }
}
