package dev.switchback.settle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Logs in, metrics out, and growth between them. */
class WatchTextsTest {
    @Test
    void aRecordOfACsvlogMayHoldCommasQuotesAndLineBreaksAndAnIncompleteOneIsLeft() {
        CsvLog.Parsed parsed = CsvLog.parse("a,\"b,\"\"c\"\"\nd\",\ne,f\n\"half");
        assertThat(parsed.records())
                .containsExactly(List.of("a", "b,\"c\"\nd", ""), List.of("e", "f"));
        assertThat(parsed.consumed()).isEqualTo("a,\"b,\"\"c\"\"\nd\",\ne,f\n".length());
    }

    @Test
    void labelsAreEscapedAndEachMetricHasItsHelpAndType() {
        Sample sample =
                Sample.of(Metric.DATABASE_UP, 1, "", "service", "a\"b\\c\nd", "side", "target");
        assertThat(Exposition.text(List.of(sample, sample)))
                .isEqualTo(
                        "# HELP switchback_database_up "
                                + Metric.DATABASE_UP.help()
                                + "\n# TYPE switchback_database_up gauge\n"
                                + "switchback_database_up{service=\"a\\\"b\\\\c\\nd\",side=\"target\"} 1\n");
    }

    @Test
    void growthIsToldFromTenMinutesOnAndForgetsWhatIsOlderThanADay() {
        Map<String, String> memory = new HashMap<>();
        Instant start = Instant.parse("2026-11-22T02:00:00Z");
        assertThat(Growth.add(memory, "used", start, 1000)).isEmpty();
        assertThat(Growth.add(memory, "used", start.plusSeconds(60), 2000)).isEmpty();
        var rate = Growth.add(memory, "used", start.plusSeconds(1000), 3000);
        assertThat(rate).hasValue(2.0);
        assertThat(Growth.secondsUntil(rate, 500)).hasValue(250);
        assertThat(Growth.add(memory, "used", start.plus(Duration.ofDays(3)), 9000)).isEmpty();
        for (int i = 0; i < 1000; i++) {
            var _ = Growth.add(memory, "many", start.plusSeconds(i * 60L), i);
        }
        assertThat(memory.getOrDefault("many", "").split(" ").length).isLessThanOrEqualTo(48);
    }
}
