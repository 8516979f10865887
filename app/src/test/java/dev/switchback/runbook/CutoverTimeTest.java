package dev.switchback.runbook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchback.engine.Facts;
import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Waiting for the time of a cutover. */
@Timeout(20)
class CutoverTimeTest {

    /** Notes what is told, and can be paused or stopped. */
    private static final class Waiting implements StepContext {
        final List<String> told = new ArrayList<>();
        int looksUntilPaused = Integer.MAX_VALUE;
        boolean stopped;
        Optional<Problem> unannounced = Optional.empty();

        @Override
        public Optional<Problem> countdown() {
            return unannounced;
        }

        @Override
        public boolean paused() {
            return looksUntilPaused-- <= 0;
        }

        @Override
        public void checkpoint() throws InterruptedException {
            if (stopped) {
                throw new InterruptedException("stopped");
            }
        }

        @Override
        public void note(String text) {
            told.add(text);
        }

        @Override
        public String runId() {
            return "run";
        }

        @Override
        public String migrationUid() {
            return "uid";
        }

        @Override
        public int attempt() {
            return 1;
        }

        @Override
        public Facts captured() {
            return Facts.NONE;
        }

        @Override
        public Optional<Facts> evidenceOf(String stepId) {
            return Optional.empty();
        }

        @Override
        public void evidence(Facts facts) {
            throw new AssertionError("a gate has no evidence");
        }

        @Override
        public AutoCloseable onStop(Runnable hook) {
            return () -> {};
        }
    }

    private final Waiting context = new Waiting();

    @Test
    void itOpensAtItsTimeAndTellsHowLongItWaits() throws Exception {
        InstantSource clock = InstantSource.system();
        Instant at = clock.instant().plusMillis(300);
        assertThat(new CutoverTime(at, clock).closedBecause(context)).isEmpty();
        assertThat(clock.instant()).isAfterOrEqualTo(at);
        assertThat(context.told).containsExactly("waiting until " + at + ", 0 s");
    }

    @Test
    void aTimeThatHasPassedWaitsForNothing() throws Exception {
        Instant now = Instant.parse("2026-11-22T12:00:00Z");
        assertThat(new CutoverTime(now, InstantSource.fixed(now)).closedBecause(context)).isEmpty();
        assertThat(context.told).isEmpty();
    }

    @Test
    void aTimeThatIsLongPastStaysClosed() throws Exception {
        Instant at = Instant.parse("2026-11-22T12:00:00Z");
        Instant late = at.plus(CutoverTime.LATE);
        assertThat(new CutoverTime(at, InstantSource.fixed(late)).closedBecause(context)).isEmpty();
        assertThat(
                        new CutoverTime(at, InstantSource.fixed(late.plusSeconds(60)))
                                .closedBecause(context))
                .hasValueSatisfying(
                        why -> assertThat(why).contains("is 16 min past", "cutover --at"));
    }

    @Test
    void anAnnouncementThatFailedAndShallHoldItEndsTheWaiting() throws Exception {
        Instant now = Instant.parse("2026-11-22T12:00:00Z");
        context.unannounced =
                Optional.of(new Problem(Code.ANNOUNCEMENT_FAILED, "announce.to[0]", "no", ""));
        assertThat(
                        new CutoverTime(now.plusSeconds(60), InstantSource.fixed(now))
                                .closedBecause(context))
                .contains("SB-641 announce.to[0]: no");
    }

    @Test
    void aPauseEndsTheWaitingSoThatTheRunCanHeedIt() throws Exception {
        Instant now = Instant.now();
        context.looksUntilPaused = 1;
        assertThat(
                        new CutoverTime(now.plus(Duration.ofHours(6)), InstantSource.fixed(now))
                                .closedBecause(context))
                .isEmpty();
        assertThat(context.told).singleElement().asString().endsWith("6 h 0 min");
    }

    @Test
    void aStopEndsTheWaiting() {
        Instant now = Instant.now();
        context.stopped = true;
        assertThatThrownBy(() ->
                        new CutoverTime(now.plusSeconds(60), InstantSource.fixed(now))
                                .closedBecause(context))
                .isInstanceOf(InterruptedException.class);
    }

    @Test
    void durationsAreToldInTheirGreatestUnits() {
        assertThat(CutoverTime.words(Duration.ofSeconds(59))).isEqualTo("59 s");
        assertThat(CutoverTime.words(Duration.ofMinutes(59))).isEqualTo("59 min");
        assertThat(CutoverTime.words(Duration.ofMinutes(370))).isEqualTo("6 h 10 min");
    }
}
