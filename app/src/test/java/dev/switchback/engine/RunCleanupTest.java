package dev.switchback.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchback.engine.JournalState.Status;
import dev.switchback.fault.Code;
import dev.switchback.fault.ExitCode;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A runbook that tidies up after a migration that came to its end. */
class RunCleanupTest {
    private final Toy toy = new Toy();
    private final ToyStep look = new ToyStep(toy.world, "look", "looked", "", UndoAt.NEVER);
    private final ToyStep backup =
            new ToyStep(toy.world, "backup", "backup", "taken", UndoAt.NEVER);
    private final ToyStep dropLinks =
            new ToyStep(toy.world, "drop-links", "reverse", "gone", UndoAt.NEVER);
    private final ToyStep clear = new ToyStep(toy.world, "clear", "roles", "gone", UndoAt.NEVER);
    private final ToyStep delete = new ToyStep(toy.world, "delete", "source", "gone", UndoAt.NEVER);

    private Runbook book() {
        return builder().build();
    }

    private Runbook.Builder builder() {
        return Runbook.named("Tidy")
                .phase(Phase.CHECK, look)
                .phase(Phase.CLEANUP, backup, dropLinks, clear)
                .finishingFrom("drop-links");
    }

    private Runbook deleting() {
        return builder().phase(Phase.CLEANUP, delete).build();
    }

    private Run tidy() {
        return toy.run(book(), toy.journal);
    }

    private JournalState journal() {
        return toy.journal.state();
    }

    private static ToyStep.Act fails() {
        return c -> {
            throw new IllegalStateException("on purpose");
        };
    }

    private static void assertCode(Runnable act, Code code) {
        assertThatThrownBy(act::run)
                .isInstanceOfSatisfying(
                        SwitchbackException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void itTidiesUpAfterACompletedMigrationAndLeavesTheTargetServing() {
        toy.run().forward();
        assertThat(tidy().forward().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(journal().status()).isEqualTo(Status.CLEANED);
        assertThat(journal().forwardRunbook()).isEqualTo("Toy");
        assertThat(journal().run()).isNull();
        assertThat(toy.world.targetServes()).isTrue();
        assertThat(toy.world.breaches).isEmpty();
        assertThat(toy.world.get("reverse")).isEqualTo("gone");
        assertThat(toy.audit()).contains("cleaning up from drop-links");
        assertThat(tidy().forward().outcome()).isEqualTo(Outcome.COMPLETED);
    }

    @Test
    void whatFailsBeforeThereIsNoWayBackLeavesTheMigrationAsItWas() {
        toy.run().forward();
        look.observe =
                c -> Observation.impossible(new Problem(Code.NOT_STABLE, "toy", "not stable", ""));
        RunResult refused = tidy().forward();
        assertThat(refused.outcome()).isEqualTo(Outcome.INCOMPLETE_AFTER_COMMIT);
        assertThat(refused.exit()).isEqualTo(ExitCode.BLOCKED);
        assertThat(journal().status()).isEqualTo(Status.COMPLETED);

        look.observe = c -> Observation.done();
        backup.apply = fails();
        assertThat(tidy().forward().exit()).isEqualTo(ExitCode.FAILED);
        assertThat(journal().status()).isEqualTo(Status.COMPLETED);
        assertThat(toy.world.get("reverse")).isEqualTo("made");

        ToyReturn back = new ToyReturn();
        Run way = toy.run(back.withoutCommitPoint(), toy.journal);
        way.requestStop(StopReason.INTERRUPT);
        way.forward();
        assertThat(journal().status()).isEqualTo(Status.RETURNING);
        assertThat(journal().forwardRunbook()).isEqualTo("Toy");
        assertCode(() -> tidy().forward(), Code.NOT_NOW);
    }

    @Test
    void onceBegunItIsOnlyFinished() {
        toy.run().forward();
        ToyStep.Act clears = clear.apply;
        clear.apply = fails();
        assertThat(tidy().forward().outcome()).isEqualTo(Outcome.INCOMPLETE_AFTER_COMMIT);
        assertThat(journal().status()).isEqualTo(Status.CLEANING);

        ToyReturn back = new ToyReturn();
        assertCode(() -> toy.run().forward(), Code.NOT_NOW);
        assertCode(() -> toy.run().abort(), Code.NOT_NOW);
        assertCode(() -> toy.run(back.runbook(), toy.journal).forward(), Code.NOT_NOW);
        assertCode(() -> toy.run(back.runbook(), toy.journal).abort(), Code.NOT_NOW);

        clear.apply = clears;
        assertThat(tidy().forward().outcome()).isEqualTo(Outcome.COMPLETED);
        assertCode(() -> toy.run().forward(), Code.NOT_NOW);
        assertCode(() -> toy.run().abort(), Code.NOT_NOW);
        assertThat(journal().status()).isEqualTo(Status.CLEANED);
    }

    @Test
    void moreMayBeAskedForAfterItsEnd() {
        toy.run().forward();
        tidy().forward();
        assertThat(toy.run(deleting(), toy.journal).forward().outcome())
                .isEqualTo(Outcome.COMPLETED);
        assertThat(toy.world.get("source")).isEqualTo("gone");
        assertThat(journal().status()).isEqualTo(Status.CLEANED);
    }

    @Test
    void itIsRefusedWhereTheTargetDoesNotServeForGood() {
        assertThat(toy.options(o -> o.withUntil(Phase.CUTOVER)).run().forward().outcome())
                .isEqualTo(Outcome.STOPPED_AT_PHASE);
        assertThat(journal().status()).isEqualTo(Status.COMMITTED);
        assertCode(() -> tidy().forward(), Code.NOT_NOW);

        Toy early = new Toy();
        early.options(o -> o.withUntil(Phase.PREPARE)).run().forward();
        assertCode(() -> early.run(book(), early.journal).forward(), Code.NOT_NOW);
    }

    @Test
    void aSignalStopsItResumably() {
        toy.run().forward();
        Run run = tidy();
        ToyStep.Act drops = dropLinks.apply;
        dropLinks.apply =
                c -> {
                    drops.run(c);
                    run.requestStop(StopReason.TERMINATE);
                };
        assertThat(run.forward().exit()).isEqualTo(ExitCode.TERMINATED);
        assertThat(journal().status()).isEqualTo(Status.CLEANING);
        dropLinks.apply = drops;
        assertThat(tidy().forward().outcome()).isEqualTo(Outcome.COMPLETED);
    }

    @Test
    void aCrashAtEveryWriteIsResumedToTheEnd() {
        int crashes = 0;
        for (boolean durable : new boolean[] {false, true}) {
            for (int at = 1; ; at++) {
                RunCleanupTest one = new RunCleanupTest();
                one.toy.run().forward();
                boolean crashed = true;
                try {
                    one.toy
                            .run(one.book(), new CrashingJournal(one.toy.journal, at, durable))
                            .forward();
                    crashed = false;
                } catch (CrashingJournal.Crash e) {
                    crashes++;
                }
                assertThat(one.tidy().forward().outcome())
                        .as("write %d", at)
                        .isEqualTo(Outcome.COMPLETED);
                assertThat(one.journal().status()).isEqualTo(Status.CLEANED);
                assertThat(List.of("backup", "reverse", "roles"))
                        .extracting(one.toy.world::get)
                        .containsExactly("taken", "gone", "gone");
                assertThat(one.toy.world.targetServes()).isTrue();
                if (!crashed) {
                    break;
                }
            }
        }
        assertThat(crashes).isGreaterThan(12);
    }
}
