package dev.switchback.steps.slots;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.steps.slots.ServerSlots.Slot;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** When a replica's copy of a slot may be called safe. */
class FailoverReadinessTest {
    private static final long NONE = -1;

    private final FailoverReadiness readiness = new FailoverReadiness();

    private static Slot slot(String name, String plugin, long xmin) {
        return new Slot(
                name,
                plugin,
                plugin.isEmpty() ? "" : "shop",
                xmin == NONE ? OptionalLong.empty() : OptionalLong.of(xmin),
                Optional.empty(),
                "reserved");
    }

    private static ServerSlots server(boolean recovering, Slot... slots) {
        Map<String, Slot> map = new LinkedHashMap<>();
        for (Slot slot : slots) {
            map.put(slot.name(), slot);
        }
        return new ServerSlots(recovering, map);
    }

    private Optional<String> look(long logical, long physical, long copy) {
        return readiness.missing(
                "ours",
                "shop-1",
                server(false, slot("ours", "pgoutput", logical), slot("shop_1", "", physical)),
                copy == NONE ? server(true) : server(true, slot("ours", "pgoutput", copy)));
    }

    @Test
    void nothingIsSafeBeforeTheCopyAndTheLeadersPromiseAreThere() {
        assertThat(look(700, NONE, NONE)).get().asString().contains("not on shop-1 yet");
        assertThat(look(700, NONE, 700)).get().asString().contains("slot shop_1");
        assertThat(look(700, 700, 700)).isEmpty();
    }

    @Test
    void aCopyThatIsOlderThanWhatTheLeaderKeptWhenItPromisedHasToCatchUp() {
        assertThat(look(710, 700, 700)).get().asString().contains("must reach 710");
        assertThat(look(750, 705, 705)).as("710 is remembered, not 750").isPresent();
        assertThat(look(760, 710, 710)).isEmpty();
    }

    @Test
    void theYoungerOfTwoSlotsThatNobodyReadsIsSafeAlthoughTheLeaderKeepsMore() {
        assertThat(look(705, 700, 705)).isEmpty();
    }

    @Test
    void aPromiseThatWasTakenBackCountsAnewAndOneBeyondTheCopyIsNone() {
        assertThat(look(710, 700, 700)).isPresent();
        assertThat(look(720, NONE, 715)).isPresent();
        assertThat(look(720, 712, 715)).get().asString().contains("must reach 720");
        assertThat(look(720, 730, 725)).get().asString().contains("must reach 730");
    }

    @Test
    void numbersWrapAround() {
        long old = 0xFFFFFFF0L;
        assertThat(FailoverReadiness.older(old, 5)).isTrue();
        assertThat(FailoverReadiness.older(5, old)).isFalse();
        assertThat(FailoverReadiness.older(7, 7)).isFalse();
    }

    @Test
    void aMembersSlotIsNamedAsPatroniDoes() {
        assertThat(FailoverReadiness.slotOf("Mastodon-postgresql-0"))
                .isEqualTo("mastodon_postgresql_0");
        assertThat(FailoverReadiness.slotOf("a.b+c")).isEqualTo("a_bu0043c");
        assertThat(FailoverReadiness.slotOf("x".repeat(70))).hasSize(63);
    }
}
