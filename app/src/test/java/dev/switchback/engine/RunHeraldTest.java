package dev.switchback.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.fault.Code;
import dev.switchback.fault.ExitCode;
import dev.switchback.fault.Problem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Others are told of every boundary, where it is, and once an attempt. */
class RunHeraldTest {
    private static final List<String> WHOLE =
            List.of(
                    "BEFORE check",
                    "AFTER check",
                    "BEFORE prepare",
                    "AFTER prepare",
                    "BEFORE cutover",
                    "AFTER cutover",
                    "BEFORE settle",
                    "AFTER settle",
                    "COMPLETED migrated");

    /** Notes what it hears between the acts of the toy world, and tells each once. */
    private static final class Listener implements Herald {
        private final ToyWorld world;
        final List<String> heard = Collections.synchronizedList(new ArrayList<>());
        final Map<String, String> writersAt = new HashMap<>();
        final Map<String, Problem> answers = new HashMap<>();

        Listener(ToyWorld world) {
            this.world = world;
        }

        @Override
        public Optional<Problem> at(Boundary boundary, Tidings tidings) {
            String word =
                    boundary.kind().name().replace("_PHASE", "")
                            + boundary.phase().map(p -> " " + p.word()).orElse("")
                            + (boundary.result().isEmpty() ? "" : " " + boundary.result());
            if (tidings.told(word)) {
                return Optional.empty();
            }
            heard.add(word);
            writersAt.put(word, world.get("writers"));
            if (answers.containsKey(word)) {
                return Optional.of(answers.get(word));
            }
            tidings.tell(boundary.kind(), word, "sent");
            return Optional.empty();
        }
    }

    private final Toy toy = new Toy();
    private final Listener listener = new Listener(toy.world);

    RunHeraldTest() {
        toy.herald = listener;
    }

    private static Problem no() {
        return new Problem(Code.HOOK_FAILED, "hooks[0]", "says no", "");
    }

    @Test
    void everyBoundaryOfAWholeRunIsHeardOfInOrderAndTheCutoverBeforeTheServiceIsTouched() {
        assertThat(toy.run().forward().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(listener.heard).isEqualTo(WHOLE);
        assertThat(listener.writersAt)
                .containsEntry("BEFORE cutover", "3")
                .containsEntry("AFTER cutover", "3 again");
        assertThat(toy.journal.state().tellings()).extracting(Told::what).isEqualTo(WHOLE);
    }

    @Test
    void anAnswerHoldsTheRunWithNothingUndoneAndItGoesOnFromThere() {
        for (String at : List.of("BEFORE prepare", "AFTER prepare", "BEFORE cutover")) {
            listener.answers.clear();
            listener.answers.put(at, no());
            RunResult held = toy.run().forward();
            assertThat(held.outcome()).as(at).isEqualTo(Outcome.WAITING);
            assertThat(held.exit()).isEqualTo(ExitCode.WAITING);
            assertThat(held.problems()).containsExactly(no());
            assertThat(toy.world.sourceServes()).isTrue();
        }
        assertThat(toy.world.get("roles")).isEqualTo("made");
        listener.answers.clear();
        listener.heard.clear();
        assertThat(toy.run().forward().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(listener.heard).isEqualTo(WHOLE.subList(4, WHOLE.size()));
        assertThat(toy.journal.state().attempt()).isEqualTo(1);
    }

    @Test
    void pastTheCommitPointAnAnswerIsAWarning() {
        listener.answers.put("AFTER cutover", no());
        listener.answers.put("COMPLETED migrated", no());
        assertThat(toy.run().forward().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(toy.world.targetServes()).isTrue();
        assertThat(toy.events)
                .filteredOn(dev.switchback.progress.Progress.Warning.class::isInstance)
                .hasSize(2);
    }

    @Test
    void puttingBackIsHeardOfAndNotHeldAndEachAttemptIsToldAnew() {
        ToyStep.Act opens = toy.endpoint.apply;
        toy.endpoint.apply =
                c -> {
                    throw new IllegalStateException("on purpose");
                };
        listener.answers.put("RELEASE_BEGUN", no());
        listener.answers.put("RELEASE_ENDED released", no());
        assertThat(toy.run().forward().outcome()).isEqualTo(Outcome.RELEASED);
        assertThat(toy.world.sourceServes()).isTrue();
        assertThat(listener.heard)
                .endsWith("BEFORE cutover", "RELEASE_BEGUN", "RELEASE_ENDED released");
        assertThat(listener.writersAt)
                .containsEntry("RELEASE_BEGUN", "0")
                .containsEntry("RELEASE_ENDED released", "3");

        listener.answers.clear();
        listener.heard.clear();
        toy.endpoint.apply = opens;
        assertThat(toy.run().forward().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(listener.heard).isEqualTo(WHOLE);
    }

    @Test
    void anAbortAfterAReleaseIsHeardOfAgain() {
        toy.endpoint.apply =
                c -> {
                    throw new IllegalStateException("on purpose");
                };
        toy.run().forward();
        listener.heard.clear();
        assertThat(toy.run().abort().outcome()).isEqualTo(Outcome.ABORTED);
        assertThat(listener.heard).containsExactly("RELEASE_BEGUN", "RELEASE_ENDED aborted");
    }

    @Test
    void aHeraldThatFailsWhilePuttingBackKeepsNothingFromBeingPutBack() {
        toy.endpoint.apply =
                c -> {
                    throw new IllegalStateException("on purpose");
                };
        toy.herald =
                (boundary, tidings) -> {
                    if (boundary.kind() == Boundary.Kind.RELEASE_BEGUN) {
                        throw new IllegalStateException("a herald's own");
                    }
                    return Optional.empty();
                };
        assertThat(toy.run().forward().outcome()).isEqualTo(Outcome.RELEASED);
        assertThat(toy.world.sourceServes()).isTrue();
    }

    @Test
    void aCrashAtAnyWriteTellsEachMomentOnceOrTwiceAtItsOwnWrite() {
        for (boolean durable : new boolean[] {false, true}) {
            for (int at = 1; at < 80; at++) {
                Toy crashing = new Toy();
                Listener hears = new Listener(crashing.world);
                crashing.herald = hears;
                boolean crashed = false;
                try {
                    crashing.run(new CrashingJournal(crashing.journal, at, durable)).forward();
                } catch (CrashingJournal.Crash e) {
                    crashed = true;
                }
                assertThat(crashing.run().forward().outcome()).isEqualTo(Outcome.COMPLETED);
                assertThat(crashing.journal.state().tellings())
                        .as("write %d", at)
                        .extracting(Told::what)
                        .isEqualTo(WHOLE);
                assertThat(hears.heard.size())
                        .as("write %d: %s", at, hears.heard)
                        .isBetween(WHOLE.size(), WHOLE.size() + (crashed && !durable ? 1 : 0));
                if (!crashed) {
                    break;
                }
            }
        }
    }

    @Test
    void aWayBackIsHeardOfOnceEachTimeItIsBegun() {
        ToyReturn back = ToyReturn.committed();
        Listener hears = new Listener(back.toy.world);
        back.toy.herald = hears;
        ToyStep.Act drains = back.drain.apply;
        back.drain.apply =
                c -> {
                    throw new IllegalStateException("on purpose");
                };
        hears.answers.put("RETURN_BEGUN", no());
        assertThat(back.toy.run(back.runbook(), back.toy.journal).forward().outcome())
                .isEqualTo(Outcome.STAYED);
        assertThat(hears.heard).containsExactly("RETURN_BEGUN", "RETURN_ENDED stayed");

        hears.heard.clear();
        hears.answers.clear();
        back.drain.apply = drains;
        assertThat(back.toy.run(back.runbook(), back.toy.journal).forward().outcome())
                .isEqualTo(Outcome.COMPLETED);
        assertThat(hears.heard).containsExactly("RETURN_BEGUN", "RETURN_ENDED returned");
    }
}
