package dev.switchback.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.engine.JournalState.Status;
import dev.switchback.engine.JournalState.StepState;
import dev.switchback.fault.Code;
import dev.switchback.fault.ExitCode;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Pauses and approvals, written into the journal by other processes. */
class RunDecisionsTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    private final Toy toy = new Toy();

    private void pause() {
        toy.journal.edit(s -> s.pausedBy("bob", NOON));
    }

    /** Acts when the holder has heard of the pause. */
    private ToyStep.Act thenPause(ToyStep.Act act) {
        return c -> {
            pause();
            while (!c.paused()) {
                TimeUnit.MILLISECONDS.sleep(1);
            }
            act.run(c);
        };
    }

    @Test
    void aPauseLetsTheStepEndAndStopsBeforeTheNext() {
        toy.roles.apply = thenPause(toy.roles.apply);
        RunResult result = toy.run().forward();
        assertThat(result.outcome()).isEqualTo(Outcome.PAUSED);
        assertThat(result.exit()).isEqualTo(ExitCode.WAITING);
        assertThat(result.problems().getFirst().code()).isEqualTo(Code.PAUSED);
        assertThat(result.problems().getFirst().what())
                .isEqualTo("paused by bob at 2026-11-22T12:00:00Z");
        assertThat(toy.world.acts).containsExactly("roles=made");
        assertThat(toy.journal.state().step("roles").orElseThrow().state())
                .isEqualTo(StepState.DONE);
        assertThat(toy.journal.state().run()).isNull();

        assertThat(toy.run().forward().outcome()).isEqualTo(Outcome.PAUSED);
        assertThat(toy.world.acts).containsExactly("roles=made");

        toy.journal.edit(s -> s.resumedBy("ada", NOON));
        assertThat(toy.run().forward().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(toy.audit()).contains("paused", "paused before slot", "pause lifted");
    }

    @Test
    void aPauseInTheDowntimeWaitsUntilUsersHaveServiceAgain() {
        toy.fence.apply = thenPause(toy.fence.apply);
        RunResult result = toy.run().forward();
        assertThat(result.outcome()).isEqualTo(Outcome.PAUSED);
        assertThat(toy.world.targetServes()).isTrue();
        assertThat(toy.world.get("probe")).isEqualTo("none");
        assertThat(toy.journal.state().status()).isEqualTo(Status.COMMITTED);
    }

    @Test
    void aRunThatResumesInTheDowntimeIsNotKeptByAPause() {
        try {
            toy.run(new CrashingJournal(toy.journal, 12, true)).forward();
        } catch (CrashingJournal.Crash e) {
            assertThat(toy.world.get("writers")).isEqualTo("0");
        }
        pause();
        assertThat(toy.run().forward().outcome()).isEqualTo(Outcome.PAUSED);
        assertThat(toy.world.targetServes()).isTrue();
    }

    @Test
    void aPauseThatComesWhileAGateWaitsIsHeeded() {
        toy.with(b ->
                b.gate(
                        gate(c -> {
                            pause();
                            while (!c.paused()) {
                                TimeUnit.MILLISECONDS.sleep(1);
                            }
                            return Optional.empty();
                        })));
        assertThat(toy.run().forward().outcome()).isEqualTo(Outcome.PAUSED);
        assertThat(toy.world.get("writers")).isEqualTo("3");
    }

    @Test
    void aSecondPauseStaysTheFirstOnes() {
        toy.options(o -> o.withUntil(Phase.PREPARE));
        toy.run().forward();
        pause();
        toy.journal.edit(s -> s.pausedBy("eve", NOON.plusSeconds(1)));
        assertThat(toy.journal.state().decisions().paused())
                .contains(new Decisions.Word("bob", NOON));
    }

    @Test
    void anApprovalIsGoodForItsAttemptOnly() {
        toy.with(b ->
                b.gate(
                        gate(c ->
                                c.approved()
                                        ? Optional.empty()
                                        : Optional.of("waiting for an approval"))));
        RunResult waits = toy.run().forward();
        assertThat(waits.outcome()).isEqualTo(Outcome.WAITING);
        assertThat(waits.exit()).isEqualTo(ExitCode.WAITING);
        assertThat(toy.journal.state().run()).isNull();

        toy.journal.edit(s -> s.approvedBy("bob", NOON));
        ToyStep.Act opens = toy.open.apply;
        toy.open.apply =
                c -> {
                    throw new IllegalStateException("no");
                };
        assertThat(toy.run().forward().outcome()).isEqualTo(Outcome.RELEASED);

        toy.open.apply = opens;
        assertThat(toy.run().forward().outcome()).isEqualTo(Outcome.WAITING);
        toy.journal.edit(s -> s.approvedBy("bob", NOON));
        assertThat(toy.run().forward().outcome()).isEqualTo(Outcome.COMPLETED);
    }

    @Test
    void anApprovalAfterAClosedAttemptIsForTheNext() {
        toy.open.apply =
                c -> {
                    throw new IllegalStateException("no");
                };
        toy.run().forward();
        JournalState approved = toy.journal.state().approvedBy("bob", NOON);
        assertThat(approved.decisions().approved(1)).isEmpty();
        assertThat(approved.decisions().approved(2)).isPresent();
    }

    @Test
    void anAbortForgetsAPauseAndAnApproval() {
        toy.options(o -> o.withUntil(Phase.PREPARE));
        toy.run().forward();
        pause();
        toy.journal.edit(s -> s.approvedBy("bob", NOON));
        assertThat(toy.run().abort().outcome()).isEqualTo(Outcome.ABORTED);
        assertThat(toy.journal.state().decisions()).isEqualTo(Decisions.NONE);
    }

    @Test
    void aJournalOfBeforeDecisionsIsRead() {
        String old =
                """
                {"apiVersion": "switchback.dev/journal-v1", "migration": "a/b", "uid": "u",
                 "runbook": "offline", "epoch": 3, "attempt": 1, "status": "COMMITTED"}
                """;
        JournalState state = JournalJson.read(old, "test");
        assertThat(state.decisions()).isEqualTo(Decisions.NONE);
        assertThat(state.forwardRunbook()).isNull();
        JournalState closed = state.rollbackClosedBy("bob", NOON);
        assertThat(JournalJson.read(JournalJson.write(closed), "test")).isEqualTo(closed);
    }

    private interface Asked {
        Optional<String> at(StepContext context) throws Exception;
    }

    private static Gate gate(Asked asked) {
        return new Gate() {
            @Override
            public String id() {
                return "gate";
            }

            @Override
            public String before() {
                return "stop-writers";
            }

            @Override
            public Optional<String> closedBecause(StepContext context) throws Exception {
                return asked.at(context);
            }
        };
    }
}
