package dev.switchback.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StartTimeTest {
    private static final Instant NOW = Instant.parse("2026-11-22T18:45:30Z");

    @ParameterizedTest
    @CsvSource({
        "2026-11-22T18:45:31Z, 2026-11-22T18:45:31Z",
        "2026-11-23T02:00:00+01:00, 2026-11-23T01:00:00Z",
        "19:00, 2026-11-22T19:00:00Z",
        "18:46Z, 2026-11-22T18:46:00Z",
        "18:45, 2026-11-23T18:45:00Z",
        "02:00, 2026-11-23T02:00:00Z",
    })
    void aTimeIsTheNextOneOfItsName(String text, Instant meant) {
        assertThat(StartTime.of(text, NOW)).isEqualTo(meant);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2", "25:00", "02:00:00", "tomorrow", "2026-11-22", "2:00"})
    void whatIsNoTimeIsRefusedWithTheForms(String text) {
        assertThatThrownBy(() -> StartTime.of(text, NOW))
                .isInstanceOfSatisfying(
                        SwitchbackException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(Code.USAGE);
                            assertThat(e.problem().remedy()).contains("02:00");
                        });
    }

    @Test
    void aTimeThatHasPassedIsRefused() {
        assertThatThrownBy(() -> StartTime.of("2026-11-22T18:45:30Z", NOW))
                .hasMessageContaining("in the past");
    }
}
