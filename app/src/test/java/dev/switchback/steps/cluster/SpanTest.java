package dev.switchback.steps.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.spec.Window;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SpanTest {
    /** A Sunday. */
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    private static Span span(String from, String to, Instant now, DayOfWeek... days) {
        return Span.of(
                Optional.of(
                        new Window(
                                LocalTime.parse(from),
                                LocalTime.parse(to),
                                Set.of(days),
                                Optional.empty(),
                                List.of())),
                now);
    }

    @Test
    void theWindowThatHoldsNowOrTheNext() {
        assertThat(span("09:00", "11:00", NOW).holds(NOW)).isTrue();
        Span tomorrow = span("02:00", "06:00", NOW);
        assertThat(tomorrow.holds(NOW)).isFalse();
        assertThat(tomorrow.from()).isEqualTo("2026-11-23T02:00:00Z");
    }

    @Test
    void ofAnOpenWindowOnlyWhatIsLeftCounts() {
        Span open = span("00:00", "00:00", NOW);
        assertThat(open.from()).isEqualTo(NOW);
        assertThat(open.holds(Instant.parse("2026-11-22T00:30:00Z"))).isFalse();
        assertThat(open.to()).isEqualTo("2026-11-23T00:00:00Z");
    }

    @Test
    void aWindowOverMidnightBelongsToTheDayOnWhichItBegins() {
        Instant night = Instant.parse("2026-11-23T01:00:00Z");
        assertThat(span("23:00", "03:00", night, DayOfWeek.SUNDAY).holds(night)).isTrue();
        assertThat(span("23:00", "03:00", night, DayOfWeek.MONDAY).holds(night)).isFalse();
    }

    @Test
    void onlyTheDaysOfTheWindowCount() {
        assertThat(span("02:00", "06:00", NOW, DayOfWeek.WEDNESDAY).from())
                .isEqualTo("2026-11-25T02:00:00Z");
        assertThat(span("09:00", "11:00", NOW, DayOfWeek.SUNDAY).holds(NOW)).isTrue();
    }

    @Test
    void withoutAWindowTheNextHourCounts() {
        Span span = Span.of(Optional.empty(), NOW);
        assertThat(span.declared()).isFalse();
        assertThat(span.holds(NOW)).isTrue();
        assertThat(span.to()).isEqualTo("2026-11-22T11:00:00Z");
    }

    @Test
    void theOperatorsMaintenanceWindowsAreReadAsItReadsThem() {
        assertThat(MaintenanceWindow.parse("Sun:09:00-11:00").orElseThrow().holds(NOW)).isTrue();
        assertThat(MaintenanceWindow.parse("Mon:09:00-11:00").orElseThrow().holds(NOW)).isFalse();
        assertThat(MaintenanceWindow.parse("09:00-10:00").orElseThrow().holds(NOW)).isFalse();
        assertThat(MaintenanceWindow.parse("always")).isEmpty();
    }
}
