package dev.switchback.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RunGuardTest {
    private static final Problem BROKEN = new Problem(Code.FENCE_BROKEN, "s", "unfenced", "");

    private final Toy toy = new Toy();
    private final AtomicInteger armed = new AtomicInteger();
    private final AtomicInteger looks = new AtomicInteger();
    private final AtomicInteger disarmed = new AtomicInteger();
    private volatile Callable<Optional<Problem>> condition = Optional::empty;
    private volatile Duration patience = Duration.ZERO;

    private void guard(String from, String until) {
        toy.with(b ->
                b.guard(
                        new Guard() {
                            @Override
                            public String id() {
                                return "fence-holds";
                            }

                            @Override
                            public String from() {
                                return from;
                            }

                            @Override
                            public String until() {
                                return until;
                            }

                            @Override
                            public Duration every() {
                                return Duration.ofMillis(2);
                            }

                            @Override
                            public Duration patience() {
                                return patience;
                            }

                            @Override
                            public void arm(StepContext context) {
                                armed.incrementAndGet();
                            }

                            @Override
                            public Optional<Problem> observe(StepContext context) throws Exception {
                                looks.incrementAndGet();
                                return condition.call();
                            }

                            @Override
                            public void disarm() {
                                disarmed.incrementAndGet();
                            }
                        }));
    }

    private void untilLooks(int more) throws InterruptedException {
        int enough = looks.get() + more;
        while (looks.get() < enough) {
            Thread.sleep(1);
        }
    }

    @Test
    void aBrokenGuardInterruptsTheStepAndReleases() {
        guard("fence", "open-target");
        toy.endpoint.apply =
                c -> {
                    condition = () -> Optional.of(BROKEN);
                    Thread.sleep(10_000);
                };
        RunResult result = toy.run().forward();
        assertThat(result.outcome()).isEqualTo(Outcome.RELEASED);
        assertThat(result.problems()).contains(BROKEN);
        assertThat(toy.world.sourceServes()).isTrue();
        assertThat(disarmed.get()).isEqualTo(armed.get()).isEqualTo(1);
    }

    @Test
    void aGuardIsDisarmedBeforeAnythingIsUndone() {
        guard("fence", "open-target");
        AtomicInteger disarmedAtUndo = new AtomicInteger();
        toy.open.apply =
                c -> {
                    throw new IllegalStateException("no");
                };
        toy.endpoint.undo =
                c -> {
                    disarmedAtUndo.set(disarmed.get());
                    toy.world.set("endpoint", "source");
                };
        toy.run().forward();
        assertThat(disarmedAtUndo.get()).isEqualTo(1);
    }

    @Test
    void aGuardIsInForceFromOneStepUntilAnother() {
        guard("roles", "fence");
        ToyStep.Act roles = toy.roles.apply;
        toy.roles.apply =
                c -> {
                    assertThat(armed.get()).isZero();
                    roles.run(c);
                };
        ToyStep.Act slot = toy.slot.apply;
        toy.slot.apply =
                c -> {
                    assertThat(armed.get()).isEqualTo(1);
                    slot.run(c);
                };
        ToyStep.Act reverse = toy.reverse.apply;
        toy.reverse.apply =
                c -> {
                    assertThat(disarmed.get()).isEqualTo(1);
                    reverse.run(c);
                };
        assertThat(toy.run().forward().outcome()).isEqualTo(Outcome.COMPLETED);
    }

    @Test
    void aRunThatResumesInsideTheRangeArmsTheGuardAgain() {
        guard("roles", "open-target");
        toy.options(o -> o.withUntil(Phase.PREPARE));
        toy.run().forward();
        assertThat(disarmed.get()).isEqualTo(1);
        toy.options(o -> o);
        condition = () -> Optional.of(BROKEN);
        toy.stopWriters.apply = c -> Thread.sleep(10_000);
        assertThat(toy.run().forward().outcome()).isEqualTo(Outcome.RELEASED);
        assertThat(armed.get()).isEqualTo(2);
    }

    @Test
    void oneBlipIsNoBreach() {
        guard("fence", "open-target");
        AtomicInteger blips = new AtomicInteger();
        ToyStep.Act act = toy.endpoint.apply;
        toy.endpoint.apply =
                c -> {
                    condition =
                            () -> {
                                if (blips.incrementAndGet() % 3 != 0) {
                                    throw new java.io.IOException("blip");
                                }
                                return Optional.empty();
                            };
                    untilLooks(8);
                    act.run(c);
                };
        assertThat(toy.run().forward().outcome()).isEqualTo(Outcome.COMPLETED);
    }

    @Test
    void aConditionThatStaysUnreadableIsABreach() {
        guard("fence", "open-target");
        toy.endpoint.apply =
                c -> {
                    condition =
                            () -> {
                                throw new java.io.IOException("no route to host");
                            };
                    Thread.sleep(10_000);
                };
        RunResult result = toy.run().forward();
        assertThat(result.outcome()).isEqualTo(Outcome.RELEASED);
        assertThat(result.problems().getFirst().code()).isEqualTo(Code.GUARD_BROKEN);
        assertThat(result.problems().getFirst().what()).contains("no route to host");
    }

    @Test
    void pastTheCommitPointABreachIsToldAndReleasesNothing() {
        guard("fence", "probe");
        ToyStep.Act starts = toy.startWriters.apply;
        toy.startWriters.apply =
                c -> {
                    condition = () -> Optional.of(BROKEN);
                    untilLooks(3);
                    starts.run(c);
                };
        assertThat(toy.run().forward().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(toy.world.breaches).isEmpty();
        assertThat(toy.events.toString()).contains("unfenced");
    }

    @Test
    void aBreachWhileTheTargetOpensDoesNotReleaseWhenItOpened() {
        guard("fence", "probe");
        ToyStep.Act opens = toy.open.apply;
        toy.open.apply =
                c -> {
                    opens.run(c);
                    condition = () -> Optional.of(BROKEN);
                    Thread.sleep(10_000);
                };
        assertThat(toy.run().forward().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(toy.world.breaches).isEmpty();
        assertThat(toy.world.targetServes()).isTrue();
    }

    @Test
    void whatAGuardMayBeWithoutForAWhileEndsNothingWhenItComesBackInTime() {
        guard("fence", "open-target");
        patience = Duration.ofMinutes(1);
        ToyStep.Act endpoint = toy.endpoint.apply;
        toy.endpoint.apply =
                c -> {
                    condition =
                            () -> {
                                throw new IllegalStateException("a leader is elected");
                            };
                    untilLooks(3 * GuardPost.UNREADABLE_IN_A_ROW);
                    condition = Optional::empty;
                    untilLooks(2);
                    endpoint.run(c);
                };
        assertThat(toy.run().forward().outcome()).isEqualTo(Outcome.COMPLETED);
    }

    @Test
    void aGuardThatStaysUnreadableBeyondItsPatienceIsBroken() {
        guard("fence", "open-target");
        patience = Duration.ofMillis(100);
        toy.endpoint.apply =
                c -> {
                    condition =
                            () -> {
                                throw new IllegalStateException("nobody is elected");
                            };
                    Thread.sleep(10_000);
                };
        RunResult result = toy.run().forward();
        assertThat(result.outcome()).isEqualTo(Outcome.RELEASED);
        assertThat(result.problems().getFirst().code()).isEqualTo(Code.GUARD_BROKEN);
        assertThat(looks.get()).isGreaterThan(GuardPost.UNREADABLE_IN_A_ROW);
    }
}
