package dev.switchback.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchback.engine.JournalState.Request;
import dev.switchback.engine.JournalState.Status;
import dev.switchback.engine.JournalState.StepRecord;
import dev.switchback.engine.JournalState.StepState;
import dev.switchback.fault.Code;
import dev.switchback.fault.ExitCode;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A way back with a commit point of its own. */
class RunReturnTest {
    private static ToyStep.Act fails() {
        return c -> {
            throw new IllegalStateException("on purpose");
        };
    }

    private static ToyStep.Act endless(Runnable begun) {
        return c -> {
            begun.run();
            while (true) {
                c.checkpoint();
                Thread.sleep(2);
            }
        };
    }

    private static void request(ToyReturn back, String kind) {
        back.toy.journal.edit(s -> s.withRequest(new Request(kind, "bob", Instant.EPOCH)));
    }

    private static void assertStayed(ToyReturn back) {
        assertThat(back.toy.world.targetServes()).as(back.toy.world.all().toString()).isTrue();
        assertThat(back.toy.world.get("reverse")).isEqualTo("made");
        assertThat(back.toy.world.breaches).isEmpty();
        assertThat(back.journal().status()).isEqualTo(Status.COMMITTED);
        assertThat(back.journal().runbook()).isEqualTo("Toy");
        assertThat(back.journal().forwardRunbook()).isNull();
        assertThat(back.journal().run()).isNull();
        assertThat(back.journal().request()).isNull();
        assertThat(back.journal().steps())
                .extracting(StepRecord::id)
                .doesNotContain("return-stop-writers", "close-target", "open-source");
    }

    private static void assertReturned(ToyReturn back) {
        assertThat(back.toy.world.sourceServes()).as(back.toy.world.all().toString()).isTrue();
        assertThat(back.toy.world.breaches).isEmpty();
        assertThat(back.journal().status()).isEqualTo(Status.RETURNED);
        assertThat(back.journal().run()).isNull();
    }

    @Test
    void itGoesBackFromACompletedAndFromACommittedMigration() {
        for (ToyReturn back : List.of(ToyReturn.completed(), ToyReturn.committed())) {
            List<StepRecord> forward = back.journal().steps();
            assertThat(back.run().forward().outcome()).isEqualTo(Outcome.COMPLETED);
            assertReturned(back);
            assertThat(back.journal().steps()).containsAll(forward);
            assertThat(back.toy.audit())
                    .contains("the way back begins", "done open-source: committed");
            assertThat(back.run().forward().outcome()).isEqualTo(Outcome.COMPLETED);
        }
    }

    @Test
    void theJournalSaysReturningAndThenReturnCommitted() {
        ToyReturn back = ToyReturn.completed();
        back.run().forward();
        assertThat(back.toy.journal.history.stream().map(JournalState::status).distinct())
                .containsSubsequence(
                        Status.COMPLETED,
                        Status.RETURNING,
                        Status.RETURN_COMMITTED,
                        Status.RETURNED);
    }

    @Test
    void aFailureBeforeItsCommitPointLeavesTheServiceOnTheTarget() {
        ToyReturn back = ToyReturn.committed();
        List<StepRecord> forward = back.journal().steps();
        back.openSource.apply = fails();
        RunResult result = back.run().forward();
        assertThat(result.outcome()).isEqualTo(Outcome.STAYED);
        assertThat(result.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(result.problems().getFirst().what()).isEqualTo("on purpose");
        assertStayed(back);
        assertThat(back.journal().steps()).isEqualTo(forward);
        assertThat(back.toy.world.acts)
                .endsWith(
                        "reverse=made",
                        "endpoint=target",
                        "target=open",
                        "writers=3 again",
                        "drained=");
        assertThat(back.toy.audit()).contains("staying: SB-500 open-source: on purpose", "stayed");
    }

    @Test
    void afterStayingTheForwardRunEndsItsStepsAndALaterReturnSucceeds() {
        ToyReturn back = ToyReturn.committed();
        ToyStep.Act opens = back.openSource.apply;
        back.openSource.apply = fails();
        back.run().forward();
        assertThat(back.toy.run().forward().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(back.journal().status()).isEqualTo(Status.COMPLETED);
        assertThat(back.toy.world.get("probe")).isEqualTo("fine");

        back.openSource.apply = opens;
        assertThat(back.run().forward().outcome()).isEqualTo(Outcome.COMPLETED);
        assertReturned(back);
        assertThat(back.journal().step("return-stop-writers").orElseThrow().captured())
                .isEqualTo(Facts.of("was", "3 again"));
    }

    @Test
    void aBrokenGuardATimeoutAndASignalInItsDowntimeDoTheSame() {
        ToyReturn guarded = ToyReturn.completed();
        guarded.with(b -> b.guard(brokenGuard()));
        guarded.endpoint.apply = endless(() -> {});
        assertThat(guarded.run().forward().outcome()).isEqualTo(Outcome.STAYED);
        assertStayed(guarded);

        ToyReturn overdue = ToyReturn.completed();
        overdue.toy.options(o -> o.withDeadline(Duration.ofMillis(20)));
        overdue.endpoint.apply = c -> {};
        RunResult late = overdue.run().forward();
        assertThat(late.outcome()).isEqualTo(Outcome.STAYED);
        assertThat(late.problems().getFirst().code()).isEqualTo(Code.STEP_TIMEOUT);
        assertStayed(overdue);

        ToyReturn signalled = ToyReturn.completed();
        Run run = signalled.run();
        signalled.drain.apply = endless(() -> run.requestStop(StopReason.TERMINATE));
        RunResult result = run.forward();
        assertThat(result.outcome()).isEqualTo(Outcome.STAYED);
        assertThat(result.exit()).isEqualTo(ExitCode.TERMINATED);
        assertStayed(signalled);
    }

    private static Guard brokenGuard() {
        return new Guard() {
            @Override
            public String id() {
                return "quiet";
            }

            @Override
            public String from() {
                return "return-stop-writers";
            }

            @Override
            public String until() {
                return "open-source";
            }

            @Override
            public Duration every() {
                return Duration.ofMillis(2);
            }

            @Override
            public Optional<Problem> observe(StepContext context) {
                return context.evidenceOf("close-target")
                        .map(f -> new Problem(Code.GUARD_BROKEN, "quiet", "somebody wrote", ""));
            }
        };
    }

    @Test
    void aSignalBeforeItsDowntimeStopsItResumably() {
        ToyReturn back = ToyReturn.completed();
        Run run = back.run();
        run.requestStop(StopReason.INTERRUPT);
        assertThat(run.forward().outcome()).isEqualTo(Outcome.INTERRUPTED);
        assertThat(back.journal().status()).isEqualTo(Status.RETURNING);
        assertThat(back.toy.world.targetServes()).isTrue();
        assertThat(back.run().forward().outcome()).isEqualTo(Outcome.COMPLETED);
        assertReturned(back);
    }

    @Test
    void aPersonsWishToStayIsFine() {
        ToyReturn back = ToyReturn.completed();
        back.dropReverse.apply = endless(() -> request(back, "stay"));
        RunResult result = back.run().forward();
        assertThat(result.outcome()).isEqualTo(Outcome.STAYED);
        assertThat(result.exit()).isEqualTo(ExitCode.OK);
        assertThat(result.problems().getFirst().what()).contains("stay asked for by bob");
        assertStayed(back);
    }

    @Test
    void aWishToStayPastItsCommitPointIsLeftAlone() {
        ToyReturn back = ToyReturn.completed();
        CountDownLatch noted = new CountDownLatch(1);
        ToyStep.Act starts = back.startWriters.apply;
        back.startWriters.apply =
                c -> {
                    request(back, "stay");
                    for (int i = 0; i < 500 && noted.getCount() > 0; i++) {
                        if (back.toy.events.toString().contains("left alone")) {
                            noted.countDown();
                        }
                        TimeUnit.MILLISECONDS.sleep(5);
                    }
                    starts.run(c);
                };
        assertThat(back.run().forward().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(noted.getCount()).isZero();
        assertReturned(back);
    }

    @Test
    void aWishMeantForAForwardRunIsNotHeardByAWayBack() {
        ToyReturn back = ToyReturn.completed();
        back.drain.apply =
                c -> {
                    request(back, "rollback");
                    TimeUnit.MILLISECONDS.sleep(60);
                    back.toy.world.set("drained", "yes");
                };
        assertThat(back.run().forward().outcome()).isEqualTo(Outcome.COMPLETED);
        assertReturned(back);
    }

    @Test
    void anotherProcessTakesAnInterruptedWayBackBack() {
        ToyReturn back = ToyReturn.completed();
        assertThatThrownBy(() -> back.run(new CrashingJournal(back.toy.journal, 9, true)).forward())
                .isInstanceOf(CrashingJournal.Crash.class);
        assertThat(back.journal().status()).isEqualTo(Status.RETURNING);
        RunResult result = back.run().abort();
        assertThat(result.outcome()).isEqualTo(Outcome.STAYED);
        assertThat(result.exit()).isEqualTo(ExitCode.OK);
        assertStayed(back);
        assertThat(back.run().abort().outcome()).isEqualTo(Outcome.STAYED);
        assertStayed(back);
    }

    @Test
    void stayingIsRefusedPastItsCommitPointAndWhereThereIsNoWayBack() {
        ToyReturn back = ToyReturn.completed();
        back.startWriters.apply = fails();
        assertThat(back.run().forward().outcome()).isEqualTo(Outcome.INCOMPLETE_AFTER_COMMIT);
        assertThat(back.journal().status()).isEqualTo(Status.RETURN_COMMITTED);
        assertRefused(back.run(), Code.RETURN_PASSED);
        back.startWriters.apply = c -> back.toy.world.set("writers", "3");
        assertThat(back.run().forward().outcome()).isEqualTo(Outcome.COMPLETED);
        assertReturned(back);
        assertRefused(back.run(), Code.RETURN_PASSED);

        ToyReturn early = new ToyReturn();
        early.toy.options(o -> o.withUntil(Phase.PREPARE));
        early.toy.run().forward();
        assertRefused(early.run(), Code.NOT_NOW);
        assertThatThrownBy(() -> early.run().forward())
                .isInstanceOfSatisfying(
                        SwitchbackException.class,
                        e -> assertThat(e.code()).isEqualTo(Code.JOURNAL_OTHER));
    }

    private static void assertRefused(Run run, Code code) {
        assertThatThrownBy(run::abort)
                .isInstanceOfSatisfying(
                        SwitchbackException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void aWayBackWithoutACommitPointCannotBeTakenBack() {
        ToyReturn back = ToyReturn.completed();
        back.openSource.apply = fails();
        RunResult result = back.toy.run(back.withoutCommitPoint(), back.toy.journal).forward();
        assertThat(result.outcome()).isEqualTo(Outcome.INCOMPLETE_AFTER_COMMIT);
        assertThat(back.journal().status()).isEqualTo(Status.RETURNING);
        assertRefused(back.toy.run(back.withoutCommitPoint(), back.toy.journal), Code.NOT_NOW);
        assertThat(back.toy.world.get("target")).isEqualTo("closed");
        back.openSource.apply = c -> back.toy.world.set("fence", "off");
        assertThat(back.toy.run(back.withoutCommitPoint(), back.toy.journal).forward().outcome())
                .isEqualTo(Outcome.COMPLETED);
        assertReturned(back);
    }

    @Test
    void aForwardRunIsRefusedWhileAWayBackIsUnderWay() {
        ToyReturn back = ToyReturn.completed();
        Run run = back.run();
        run.requestStop(StopReason.INTERRUPT);
        run.forward();
        assertThatThrownBy(() -> back.toy.run().forward())
                .hasMessageContaining("switchback rollback");
        assertThatThrownBy(() -> back.toy.run().abort()).hasMessageContaining("SB-521");
    }

    @Test
    void anotherWayBackThanTheOneUnderWayIsRefused() {
        ToyReturn back = ToyReturn.completed();
        Run run = back.run();
        run.requestStop(StopReason.INTERRUPT);
        run.forward();
        Runbook other =
                Runbook.named("Lossy").phase(Phase.CUTOVER, back.stopWriters).returning().build();
        assertThatThrownBy(() -> back.toy.run(other, back.toy.journal).forward())
                .hasMessageContaining("ToyReturn");
    }

    @Test
    void whileItIsNotKnownWhetherTheSourceOpenedNothingIsUndone() {
        ToyReturn back = ToyReturn.completed();
        ToyStep.Act opens = back.openSource.apply;
        ToyStep.Look looks = back.openSource.observe;
        boolean[] readable = {true};
        back.openSource.apply =
                c -> {
                    opens.run(c);
                    readable[0] = false;
                    throw new java.io.IOException("connection lost");
                };
        back.openSource.observe =
                c -> {
                    if (!readable[0]) {
                        throw new java.io.IOException("source does not answer");
                    }
                    return looks.at(c);
                };
        RunResult result = back.run().forward();
        assertThat(result.outcome()).isEqualTo(Outcome.COMMIT_UNKNOWN);
        assertThat(result.problems().getFirst().what()).contains("whether the source was opened");
        assertThat(back.run().abort().outcome()).isEqualTo(Outcome.COMMIT_UNKNOWN);
        assertThat(back.toy.world.acts).endsWith("fence=off");
        readable[0] = true;
        assertRefused(back.run(), Code.RETURN_PASSED);
        assertThat(back.run().forward().outcome()).isEqualTo(Outcome.COMPLETED);
        assertReturned(back);
    }

    @Test
    void anUndoThatFailsIsTakenUpByTheNextRunAndALeftoverByTheNextWayBack() {
        ToyReturn back = ToyReturn.completed();
        ToyStep.Act opens = back.openSource.apply;
        ToyStep.Act undoesEndpoint = back.endpoint.undo;
        ToyStep.Act undoesDrain = back.drain.undo;
        back.openSource.apply = fails();
        back.endpoint.undo = fails();
        back.drain.undo = fails();
        assertThat(back.run().forward().outcome()).isEqualTo(Outcome.RELEASE_INCOMPLETE);
        assertThat(back.journal().status()).isEqualTo(Status.STAYING);
        back.endpoint.undo = undoesEndpoint;

        RunResult finished = back.run().forward();
        assertThat(finished.outcome()).isEqualTo(Outcome.STAYED);
        assertThat(finished.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(finished.leftovers()).hasSize(1);
        assertThat(back.toy.world.targetServes()).isTrue();
        assertThat(back.journal().status()).isEqualTo(Status.COMMITTED);
        assertThat(back.journal().step("drain").orElseThrow().state())
                .isEqualTo(StepState.LEFTOVER);

        back.openSource.apply = opens;
        RunResult notBegun = back.run().forward();
        assertThat(notBegun.outcome()).isEqualTo(Outcome.STAYED);
        assertThat(notBegun.leftovers()).hasSize(1);
        back.drain.undo = undoesDrain;
        assertThat(back.run().forward().outcome()).isEqualTo(Outcome.COMPLETED);
        assertReturned(back);
    }

    @Test
    void aScopeOfAWayBackThatWasCutInTwoStartsOver() {
        ToyReturn back = ToyReturn.completed();
        back.with(b -> b.scope("quiet", "close-target", "return-endpoint"));
        assertThatThrownBy(() -> back.run(new CrashingJournal(back.toy.journal, 8, true)).forward())
                .isInstanceOf(CrashingJournal.Crash.class);
        assertThat(back.journal().step("close-target")).isPresent();
        assertThat(back.journal().step("return-endpoint")).isEmpty();
        assertThat(back.run().forward().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(back.toy.audit()).contains("scope quiet starts over");
        assertReturned(back);
    }

    /**
     * @return false when it ended before the crash was due
     */
    private static boolean crash(ToyReturn back, int at, boolean durable) {
        try {
            back.run(new CrashingJournal(back.toy.journal, at, durable)).forward();
            return false;
        } catch (CrashingJournal.Crash e) {
            return true;
        }
    }

    @Test
    void aCrashAtEveryWriteOfAWayBackIsResumedToItsEnd() {
        int crashes = 0;
        for (boolean durable : new boolean[] {false, true}) {
            for (int at = 1; ; at++) {
                ToyReturn back = ToyReturn.completed();
                boolean crashed = crash(back, at, durable);
                assertThat(back.run().forward().outcome())
                        .as("write " + at)
                        .isEqualTo(Outcome.COMPLETED);
                assertReturned(back);
                assertThat(back.journal().step("return-stop-writers").orElseThrow().captured())
                        .isEqualTo(Facts.of("was", "3 again"));
                if (!crashed) {
                    break;
                }
                crashes++;
            }
        }
        assertThat(crashes).isGreaterThan(2 * 18);
    }

    @Test
    void aCrashAtEveryWriteThenAWishToStayStaysUnlessTheSourceIsOpen() {
        for (boolean durable : new boolean[] {false, true}) {
            for (int at = 1; ; at++) {
                ToyReturn back = ToyReturn.completed();
                boolean crashed = crash(back, at, durable);
                if (back.toy.world.get("fence").equals("on")) {
                    RunResult result = back.run().abort();
                    assertThat(result.outcome()).as("write " + at).isEqualTo(Outcome.STAYED);
                    assertThat(result.exit()).isEqualTo(ExitCode.OK);
                    assertThat(back.toy.world.targetServes()).as("write " + at).isTrue();
                    assertThat(back.toy.run().forward().outcome()).isEqualTo(Outcome.COMPLETED);
                } else {
                    assertRefused(back.run(), Code.RETURN_PASSED);
                }
                assertThat(back.toy.world.breaches).as("write " + at).isEmpty();
                if (!crashed) {
                    break;
                }
            }
        }
    }

    @Test
    void aCrashAtEveryWriteOfAFailingWayBackIsResumedToStayingAndThenToTheEnd() {
        for (boolean durable : new boolean[] {false, true}) {
            for (int at = 1; ; at++) {
                ToyReturn back = ToyReturn.completed();
                ToyStep.Act opens = back.openSource.apply;
                back.openSource.apply = fails();
                boolean crashed = crash(back, at, durable);
                String as = "write " + at + (durable ? " durable" : " lost");
                if (back.journal().status() != Status.COMMITTED) {
                    assertThat(back.run().forward().outcome()).as(as).isEqualTo(Outcome.STAYED);
                }
                assertStayed(back);
                back.openSource.apply = opens;
                assertThat(back.run().forward().outcome()).as(as).isEqualTo(Outcome.COMPLETED);
                assertReturned(back);
                if (!crashed) {
                    break;
                }
            }
        }
    }

    @Test
    void afterAReturnWhatWasSyncedIsUndoneNewestFirstAndWhatWasPreparedIsKept() {
        ToyReturn back = new ToyReturn();
        ToyStep seed = new ToyStep(back.toy.world, "seed", "seed", "made", UndoAt.ABORT);
        ToyStep subscribe =
                new ToyStep(back.toy.world, "subscribe", "subscription", "made", UndoAt.ABORT);
        back.toy.with(b -> b.phase(Phase.SYNC, seed, subscribe));
        back.toy.run().forward();
        back.run().forward();
        assertThat(back.toy.world.get("seed")).isEqualTo("made");

        List<String> before = new ArrayList<>(back.toy.world.acts);
        ToyStep.Act undoes = seed.undo;
        seed.undo = fails();
        RunResult stuck = back.toy.run().forward();
        assertThat(stuck.outcome()).isEqualTo(Outcome.RELEASED);
        assertThat(stuck.leftovers()).hasSize(1);
        assertThat(back.journal().status()).isEqualTo(Status.RETURNED);
        assertThat(back.journal().attempt()).isEqualTo(1);

        seed.undo = undoes;
        assertThat(back.toy.run().forward().outcome()).isEqualTo(Outcome.COMPLETED);
        List<String> acts = back.toy.world.acts.subList(before.size(), back.toy.world.acts.size());
        // what a release would undo goes too: "reverse" belongs to the attempt that was returned
        // from
        assertThat(acts).containsSubsequence("subscription=", "seed=", "writers=0");
        assertThat(acts).endsWith("seed=made", "subscription=made");
        assertThat(acts).doesNotContain("roles=made", "roles=none", "slot=none");
        assertThat(back.journal().attempt()).isEqualTo(2);
        assertThat(back.toy.world.targetServes()).isTrue();
        assertThat(back.toy.world.breaches).isEmpty();
    }

    @Test
    void aCrashAtEveryWriteOfTheAttemptAfterAReturnIsResumedToItsEnd() {
        for (int at = 1; ; at++) {
            ToyReturn back = new ToyReturn();
            ToyStep seed = new ToyStep(back.toy.world, "seed", "seed", "made", UndoAt.ABORT);
            back.toy.with(b -> b.phase(Phase.SYNC, seed));
            back.toy.run().forward();
            back.run().forward();
            boolean crashed = false;
            try {
                back.toy.run(new CrashingJournal(back.toy.journal, at, at % 2 == 0)).forward();
            } catch (CrashingJournal.Crash e) {
                crashed = true;
            }
            assertThat(back.toy.run().forward().outcome()).isEqualTo(Outcome.COMPLETED);
            assertThat(back.toy.world.targetServes()).as("write " + at).isTrue();
            assertThat(back.toy.world.breaches).isEmpty();
            assertThat(back.toy.world.acts).contains("seed=");
            if (!crashed) {
                break;
            }
        }
    }
}
