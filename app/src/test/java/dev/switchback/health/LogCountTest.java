package dev.switchback.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.health.ApplicationHealth.Log;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class LogCountTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    private static Log count(Duration ago, String... lines) {
        LogCount count = new LogCount();
        count.add(
                List.of(lines).stream()
                        .map(line -> NOW.minus(ago) + " " + line + "\n")
                        .collect(Collectors.joining()),
                NOW);
        return count.log("", Duration.ofSeconds(1));
    }

    @Test
    void errorsOfManyLanguagesCountAndOrdinaryLinesDoNot() {
        Log log =
                count(
                        Duration.ofMinutes(2),
                        "I, [2026] INFO -- : GET /home 200 no errors",
                        "E, [2026] ERROR -- : something",
                        "{\"level\":\"error\",\"msg\":\"x\"}",
                        "level=fatal msg=x",
                        "Traceback (most recent call last):",
                        "POST /error_reports 201",
                        "PG::ConnectionBad: connection to server at \"10.0.0.1\" failed",
                        "Error: connect ECONNREFUSED 10.0.0.1:5432",
                        "org.postgresql.util.PSQLException: boom");
        assertThat(log.lines()).isEqualTo(9);
        assertThat(log.errors()).isEqualTo(7);
        assertThat(log.databaseErrors()).isEqualTo(3);
        assertThat(log.errorsPerMinute()).isEqualTo(3.5);
    }

    @Test
    void aLogThatWasCutAtItsBeginningIsJudgedByTheSpanItCovers() {
        assertThat(count(Duration.ofSeconds(10), "ERROR", "ERROR").errorsPerMinute())
                .isEqualTo(12.0);
        assertThat(count(Duration.ofHours(1), "ERROR").seconds()).isEqualTo(300);
    }

    @Test
    void anEmptyLogHasNoRate() {
        assertThat(count(Duration.ZERO).errorsPerMinute()).isZero();
    }
}
