package dev.switchback.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CronTimesTest {
    /** A Sunday. */
    private static final Instant FROM = Instant.parse("2026-11-22T10:07:30Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "30 00 * * *     |                  | 2026-11-23T00:30:00Z",
                "*/15 * * * *    |                  | 2026-11-22T10:15:00Z",
                "0 3 * * sun     |                  | 2026-11-29T03:00:00Z",
                "0 3 * * 7       |                  | 2026-11-29T03:00:00Z",
                "0 9-17/4 * * 1-5|                  | 2026-11-23T09:00:00Z",
                "0 0 1 dec *     |                  | 2026-12-01T00:00:00Z",
                "0 0 1 * mon     |                  | 2026-11-23T00:00:00Z",
                "@hourly         |                  | 2026-11-22T11:00:00Z",
                "0 12 * * *      | Europe/Berlin    | 2026-11-22T11:00:00Z",
                "5,20 10 * * *   |                  | 2026-11-22T10:20:00Z"
            })
    void theNextTimeIsTheOneThatCronWouldRun(String schedule, String zone, Instant next) {
        assertThat(
                        CronTimes.parse(schedule, zone == null ? "" : zone)
                                .next(FROM, FROM.plus(Duration.ofDays(14))))
                .contains(next);
    }

    @Test
    void nothingIsDueBeforeTheEndWhenTheTimeIsLater() {
        assertThat(CronTimes.parse("30 0 * * *", "").next(FROM, FROM.plus(Duration.ofHours(14))))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"0 0 3 * * 0", "99 * * * *", "x * * * *", "1-0 * * * *"})
    void whatIsNoScheduleOfKubernetesIsRefused(String schedule) {
        assertThatThrownBy(() -> CronTimes.parse(schedule, ""))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
