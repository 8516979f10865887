package dev.switchback.steps.timing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.engine.Finding;
import dev.switchback.engine.Observation;
import dev.switchback.estimate.Span;
import dev.switchback.fault.Code;
import dev.switchback.spec.Acceptance;
import dev.switchback.spec.Window;
import dev.switchback.steps.Findings;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WindowFitTest {
    /** A Sunday, inside the window of Saturday night. */
    private static final LocalDateTime NIGHT = LocalDateTime.of(2026, 11, 22, 1, 0);

    private static final Span HOUR = new Span(600, 1800, 3600);

    private static Window window(String from, String to, Set<DayOfWeek> days, Duration... max) {
        return new Window(
                LocalTime.parse(from),
                LocalTime.parse(to),
                days,
                max.length == 0 ? Optional.empty() : Optional.of(max[0]),
                List.of());
    }

    @Test
    void aWindowOverMidnightIsAsLongAsItIsOpen() {
        WindowFit fit = new WindowFit(window("23:00", "03:00", Set.of()), HOUR);
        assertThat(fit.allowed()).isEqualTo(Duration.ofHours(4));
        assertThat(fit.fits()).isTrue();
        assertThat(fit.openFor(NIGHT)).contains(Duration.ofHours(2));
        assertThat(fit.openFor(NIGHT.withHour(12))).isEmpty();
        assertThat(fit.openFor(NIGHT.withHour(23))).contains(Duration.ofHours(4));
        assertThat(fit.openFor(NIGHT.withHour(3))).isEmpty();
    }

    @Test
    void theDayIsTheOneOnWhichTheWindowOpened() {
        Set<DayOfWeek> saturday = Set.of(DayOfWeek.SATURDAY);
        WindowFit fit = new WindowFit(window("23:00", "03:00", saturday), HOUR);
        assertThat(fit.openFor(NIGHT)).isPresent();
        assertThat(fit.openFor(NIGHT.plusDays(1))).isEmpty();
        assertThat(fit.openFor(NIGHT.withHour(23))).isEmpty();
    }

    @Test
    void equalTimesAreTheWholeDayAndMaxLengthNeverMakesAWindowLonger() {
        Window all = window("00:00", "00:00", Set.of());
        assertThat(new WindowFit(all, HOUR).allowed()).isEqualTo(Duration.ofDays(1));
        Window capped = window("01:00", "05:00", Set.of(), Duration.ofMinutes(59));
        assertThat(new WindowFit(capped, HOUR).fits()).isFalse();
        Window generous = window("01:00", "03:00", Set.of(), Duration.ofHours(9));
        assertThat(new WindowFit(generous, HOUR).allowed()).isEqualTo(Duration.ofHours(2));
    }

    @Test
    void aPredictionWhoseUpperEndDoesNotFitBlocksUnlessItIsAccepted() {
        WindowFit fit = new WindowFit(window("00:30", "01:10", Set.of()), HOUR);
        assertThat(judged(fit, NIGHT, List.of()))
                .isInstanceOfSatisfying(
                        Observation.Impossible.class,
                        i -> {
                            assertThat(i.problems())
                                    .extracting(p -> p.code())
                                    .containsExactly(Code.WINDOW_TOO_SHORT);
                            assertThat(i.problems().getFirst().remedy()).contains("spec.window");
                        });
        Acceptance accepted =
                new Acceptance("SB-460", Optional.of("spec.window"), "the night is quiet");
        assertThat(judged(fit, NIGHT, List.of(accepted)))
                .isInstanceOfSatisfying(
                        Observation.Done.class,
                        d ->
                                assertThat(d.findings())
                                        .extracting(Finding::level)
                                        .contains(Finding.Level.OVERRIDDEN));
    }

    @Test
    void aWindowThatIsClosedOrClosesTooSoonIsAWarning() {
        WindowFit fit = new WindowFit(window("23:00", "03:00", Set.of()), HOUR);
        for (LocalDateTime now : List.of(NIGHT.withHour(12), NIGHT.withHour(2).withMinute(30))) {
            assertThat(judged(fit, now, List.of()))
                    .isInstanceOfSatisfying(
                            Observation.Done.class,
                            d -> {
                                assertThat(d.findings())
                                        .extracting(f -> f.problem().code())
                                        .containsExactly(Code.WINDOW_CLOSED);
                                assertThat(d.evidence().get("warn")).isPresent();
                            });
        }
        assertThat(judged(fit, NIGHT, List.of()))
                .isInstanceOfSatisfying(
                        Observation.Done.class, d -> assertThat(d.findings()).isEmpty());
    }

    @Test
    void whereTheDocumentNamesTheTimeAWindowThatIsClosedThenBlocks() {
        WindowFit fit = new WindowFit(window("23:00", "03:00", Set.of()), HOUR);
        Findings findings = new Findings(List.of());
        CheckWindow.judge(fit, "measured", NIGHT.withHour(12), true, findings);
        assertThat(findings.observation())
                .isInstanceOfSatisfying(
                        Observation.Impossible.class,
                        i ->
                                assertThat(i.problems())
                                        .singleElement()
                                        .satisfies(p -> {
                                            assertThat(p.code()).isEqualTo(Code.WINDOW_CLOSED);
                                            assertThat(p.what())
                                                    .contains("opens at 2026-11-22T23:00 UTC");
                                        }));
    }

    @Test
    void aBlackoutIsTouchedByACutoverThatMayEndInIt() {
        Window.Dates christmas =
                new Window.Dates(LocalDate.of(2026, 12, 24), LocalDate.of(2026, 12, 26));
        WindowFit fit =
                new WindowFit(
                        new Window(
                                LocalTime.MIDNIGHT,
                                LocalTime.MIDNIGHT,
                                Set.of(),
                                Optional.empty(),
                                List.of(christmas)),
                        HOUR);
        LocalDateTime eve = LocalDateTime.of(2026, 12, 23, 22, 59);
        assertThat(fit.against("measured", eve)).isEmpty();
        for (LocalDateTime begin :
                List.of(eve.plusMinutes(2), eve.plusDays(1), eve.plusDays(3).plusMinutes(60))) {
            assertThat(fit.against("measured", begin))
                    .as("%s", begin)
                    .extracting(p -> p.code())
                    .containsExactly(Code.IN_BLACKOUT);
        }
        assertThat(fit.against("measured", eve.plusDays(3).plusMinutes(61))).isEmpty();
    }

    @Test
    void windowsWithoutAGapBetweenThemAreOne() {
        WindowFit always = new WindowFit(window("00:00", "00:00", Set.of()), HOUR);
        assertThat(always.openFor(NIGHT.withHour(23)).orElseThrow())
                .isGreaterThan(Duration.ofDays(5));
        Set<DayOfWeek> weekend = Set.of(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY);
        WindowFit two = new WindowFit(window("00:00", "00:00", weekend), HOUR);
        assertThat(two.openFor(NIGHT.minusDays(1))).contains(Duration.ofHours(47));
    }

    private static Observation judged(WindowFit fit, LocalDateTime now, List<Acceptance> accepted) {
        Findings findings = new Findings(accepted);
        CheckWindow.judge(fit, "measured", now, false, findings);
        return findings.observation();
    }
}
