package dev.switchback.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchback.engine.JournalState.StepState;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Crash at every journal write, before and after it is durable; then whatever comes, comes fresh.
 */
class RunResumeTest {

    /**
     * @return false when the run ended before the crash was due
     */
    private static boolean crash(Toy toy, int at, boolean durable, boolean abort) {
        Run run = toy.run(new CrashingJournal(toy.journal, at, durable));
        try {
            assertThat(abort ? run.abort() : run.forward()).isNotNull();
            return false;
        } catch (CrashingJournal.Crash e) {
            return true;
        }
    }

    private static void assertSound(Toy toy, String as) {
        assertThat(toy.world.breaches).as(as).isEmpty();
        assertThat(toy.journal.state().run()).as(as).isNull();
        assertThat(toy.world.sourceServes() ^ toy.world.targetServes()).as(as).isTrue();
    }

    @Test
    void aCrashAtEveryWriteOfARunIsResumedToItsEnd() {
        int crashes = 0;
        for (boolean durable : new boolean[] {false, true}) {
            for (int at = 1; ; at++) {
                Toy toy = new Toy();
                boolean crashed = crash(toy, at, durable, false);
                RunResult result = toy.run().forward();
                String as = "write " + at + (durable ? " durable" : " lost");
                assertThat(result.outcome()).as(as).isEqualTo(Outcome.COMPLETED);
                assertThat(toy.journal.state().step("stop-writers").orElseThrow().captured())
                        .as(as)
                        .isEqualTo(Facts.of("was", "3"));
                assertThat(toy.journal.state().steps()).filteredOn(r -> r.found()).hasSize(1);
                assertSound(toy, as);
                if (!crashed) {
                    break;
                }
                crashes++;
            }
        }
        assertThat(crashes).isGreaterThan(2 * 18);
    }

    @Test
    void aCrashAtEveryWriteOfAFailingRunIsResumedToAReleaseAndThenToTheEnd() {
        for (boolean durable : new boolean[] {false, true}) {
            for (int at = 1; ; at++) {
                Toy toy = new Toy();
                ToyStep.Act opens = toy.open.apply;
                toy.open.apply =
                        c -> {
                            throw new IllegalStateException("no");
                        };
                boolean crashed = crash(toy, at, durable, false);
                String as = "write " + at + (durable ? " durable" : " lost");
                boolean closed = toy.journal.read().isPresent() && released(toy);
                if (!closed) {
                    assertThat(toy.run().forward().outcome()).as(as).isEqualTo(Outcome.RELEASED);
                }
                assertThat(toy.world.sourceServes()).as(as).isTrue();
                assertThat(toy.world.get("reverse")).as(as).isEqualTo("none");
                assertSound(toy, as);
                toy.open.apply = opens;
                assertThat(toy.run().forward().outcome()).as(as).isEqualTo(Outcome.COMPLETED);
                assertSound(toy, as);
                if (!crashed) {
                    break;
                }
            }
        }
    }

    private static boolean released(Toy toy) {
        return toy.journal.state().status() == JournalState.Status.RELEASED;
    }

    @Test
    void aCrashAtEveryWriteThenAnAbortLeavesTheWorldAsItWasUnlessCommitted() {
        Map<String, String> before = new ToyWorld().all();
        for (boolean durable : new boolean[] {false, true}) {
            for (int at = 1; ; at++) {
                Toy toy = new Toy();
                boolean crashed = crash(toy, at, durable, false);
                String as = "write " + at + (durable ? " durable" : " lost");
                if (toy.journal.read().isPresent() && !toy.world.get("target").equals("open")) {
                    assertThat(toy.run().abort().outcome()).as(as).isEqualTo(Outcome.ABORTED);
                    assertThat(toy.world.all()).as(as).isEqualTo(before);
                } else if (toy.journal.read().isPresent()) {
                    assertThatThrownBy(() -> toy.run().abort()).as(as).hasMessageContaining("SB-5");
                    assertThat(toy.world.get("fence")).isEqualTo("on");
                }
                if (!crashed) {
                    break;
                }
            }
        }
    }

    @Test
    void aCrashAtEveryWriteOfAnAbortIsFinishedByTheNext() {
        Map<String, String> before = new ToyWorld().all();
        for (int at = 1; ; at++) {
            Toy toy = new Toy();
            toy.open.apply =
                    c -> {
                        throw new IllegalStateException("no");
                    };
            toy.reverse.undo =
                    c -> {
                        throw new IllegalStateException("unreachable");
                    };
            toy.run().forward();
            toy.reverse.undo = c -> toy.world.set("reverse", c.captured().require("was"));
            boolean crashed = crash(toy, at, at % 2 == 0, true);
            assertThat(toy.run().abort().outcome()).isEqualTo(Outcome.ABORTED);
            assertThat(toy.world.all()).isEqualTo(before);
            if (!crashed) {
                break;
            }
        }
    }

    @Test
    void whatOnlyApplyCanKnowIsThereAfterACrashAtAnyWrite() {
        for (int at = 1; ; at++) {
            Toy toy = new Toy();
            ToyStep.Act act = toy.slot.apply;
            toy.slot.apply =
                    c -> {
                        act.run(c);
                        c.evidence("lsn", "0/" + toy.world.acts.size());
                    };
            ToyStep.Look look = toy.slot.observe;
            toy.slot.observe =
                    c ->
                            c.evidenceOf("slot").flatMap(f -> f.get("lsn")).isEmpty()
                                    ? Observation.todo("its position is not known")
                                    : look.at(c);
            boolean crashed = crash(toy, at, true, false);
            boolean durable =
                    toy.journal.state().step("slot").stream()
                            .anyMatch(r -> r.evidence().get("lsn").isPresent());
            int acts = toy.world.acts.size();
            assertThat(toy.run().forward().outcome()).isEqualTo(Outcome.COMPLETED);
            assertThat(toy.journal.state().step("slot").orElseThrow().evidence().get("lsn"))
                    .isPresent();
            if (durable) {
                assertThat(toy.world.acts.subList(acts, toy.world.acts.size()))
                        .doesNotContain("slot=made");
            }
            if (!crashed) {
                break;
            }
        }
    }

    @Test
    void aScopeThatWasCutInTwoStartsOver() {
        Toy toy = new Toy();
        toy.with(b -> b.scope("snapshot", "roles", "slot"));
        ToyStep.Act act = toy.slot.apply;
        Run run = toy.run();
        toy.slot.apply =
                c -> {
                    act.run(c);
                    run.requestStop(StopReason.INTERRUPT);
                    Thread.sleep(10_000);
                };
        assertThat(run.forward().outcome()).isEqualTo(Outcome.INTERRUPTED);
        toy.slot.apply = act;
        assertThat(toy.run().forward().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(toy.world.acts)
                .startsWith(
                        "roles=made",
                        "slot=made",
                        "slot=none",
                        "roles=none",
                        "roles=made",
                        "slot=made");
    }

    @Test
    void aScopeWhoseLastStepIsDoneIsLeftAlone() {
        Toy toy = new Toy();
        toy.with(b -> b.scope("snapshot", "roles", "slot"));
        toy.options(o -> o.withUntil(Phase.PREPARE));
        toy.run().forward();
        toy.options(o -> o);
        toy.run().forward();
        assertThat(toy.world.acts).startsWith("roles=made", "slot=made", "writers=0");
    }

    @Test
    void aCommitPointInsideAScopeIsLookedAtBeforeTheScopeIsUndone() {
        for (int at = 1; ; at++) {
            Toy toy = new Toy();
            toy.with(b -> b.scope("cut", "fence", "reverse", "endpoint", "open-target"));
            boolean crashed = crash(toy, at, true, false);
            assertThat(toy.run().forward().outcome()).isEqualTo(Outcome.COMPLETED);
            assertSound(toy, "write " + at);
            if (!crashed) {
                break;
            }
        }
    }

    @Test
    void theSuccessorLearnsItsPredecessor() {
        Toy toy = new Toy();
        crash(toy, 5, true, false);
        toy.run().forward();
        assertThat(toy.lock.predecessor).contains("run-1");
    }

    @Test
    void aJournalThatCannotBeWrittenForAWhileDelaysAndChangesNothingElse() {
        Toy toy = new Toy();
        Journal flaky = new FlakyJournal(toy.journal);
        assertThat(toy.run(flaky).forward().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(toy.audit()).doesNotHaveDuplicates();
        assertThat(toy.journal.state().steps())
                .allSatisfy(r -> assertThat(r.state()).isEqualTo(StepState.DONE));
    }
}
