package dev.switchback.zalando;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

/** Patroni's {@code ignore_slots} matches by every key that an entry has. */
class LogicalSlotTest {
    private static final LogicalSlot SLOT = new LogicalSlot("ours", "shop", "pgoutput");

    private static boolean exempted(String entry) throws Exception {
        return SLOT.exemptedBy(new ObjectMapper().readTree(entry));
    }

    @Test
    void anEntryKeepsTheSlotsThatFitAllItsKeys() throws Exception {
        assertThat(exempted("{\"name\":\"ours\"}")).isTrue();
        assertThat(exempted("{\"type\":\"logical\",\"database\":\"shop\"}")).isTrue();
        assertThat(exempted("{\"plugin\":\"pgoutput\"}")).isTrue();
        assertThat(exempted("{\"name\":\"our*\"}")).isFalse();
        assertThat(exempted("{\"type\":\"physical\"}")).isFalse();
        assertThat(exempted("{\"name\":\"ours\",\"database\":\"other\"}")).isFalse();
        assertThat(exempted("\"ours\"")).isFalse();
        assertThat(SLOT.exemptedBy(SLOT.exemption())).isTrue();
    }

    @Test
    void aDeclarationIsTextsOnly() {
        assertThat(SLOT.declaration())
                .hasToString(
                        "{\"type\":\"logical\",\"database\":\"shop\",\"plugin\":\"pgoutput\"}");
    }
}
