package dev.switchback.lab.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.lab.traffic.LedgerEvent.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimelineTest {

    @Test
    void theNewServerAloneAfterASwitchIsOneSide() {
        assertThat(Timeline.twoSides(acks("AAABBB"), List.of())).isEmpty();
    }

    @Test
    void anAcknowledgementByTheOldServerAfterTheSwitchIsTwoSides() {
        assertThat(Timeline.twoSides(acks("AABBAB"), List.of()))
                .extracting(Acknowledgement::transaction)
                .containsExactly(4L);
    }

    @Test
    void anOrderedSwitchBackMayHappenOnce() {
        assertThat(Timeline.twoSides(acks("AABBBAA"), List.of(at(4)))).isEmpty();
        assertThat(Timeline.twoSides(acks("AABBBAB"), List.of(at(4)))).hasSize(1);
        assertThat(Timeline.twoSides(acks("AABBBAA"), List.of())).hasSize(2);
    }

    @Test
    void theLongestPauseReachesAcrossTheEdgesOfTheRange() {
        List<Acknowledgement> acks = acks("A...A..A");
        assertThat(Timeline.longestPause(acks, at(1), at(2))).contains(Duration.ofSeconds(4));
        assertThat(Timeline.longestPause(acks, at(5), at(7))).contains(Duration.ofSeconds(3));
        assertThat(Timeline.longestPause(acks, at(6), at(30))).contains(Duration.ofSeconds(23));
        assertThat(Timeline.longestPause(List.of(), at(0), at(9))).isEmpty();
    }

    @Test
    void downtimeLastsFromTheFirstStopUntilEveryNewPodServes() {
        List<LedgerEvent> events =
                List.of(
                        event(0, "a", Kind.POD_STARTED),
                        event(0, "b", Kind.POD_STARTED),
                        event(1, "a", Kind.POD_SERVING),
                        event(1, "b", Kind.POD_SERVING),
                        event(5, "a", Kind.POD_STOPPING),
                        event(6, "a", Kind.POD_STOPPED),
                        event(7, "b", Kind.POD_STOPPING),
                        event(8, "b", Kind.POD_STOPPED),
                        event(10, "c", Kind.POD_STARTED),
                        event(11, "c", Kind.POD_SERVING),
                        event(11, "d", Kind.POD_STARTED),
                        event(14, "d", Kind.POD_SERVING));
        assertThat(Timeline.downtime(events, at(2), at(20))).contains(Duration.ofSeconds(9));
        assertThat(Timeline.downtime(events, at(2), at(13))).isEmpty();
        assertThat(Timeline.downtime(events, at(2), at(4))).contains(Duration.ZERO);
    }

    @Test
    void aRefusedPodIsDownUntilItServesAgain() {
        List<LedgerEvent> events =
                List.of(
                        event(0, "a", Kind.POD_STARTED),
                        event(1, "a", Kind.POD_SERVING),
                        event(3, "a", Kind.POD_REFUSED),
                        event(8, "a", Kind.POD_SERVING));
        assertThat(Timeline.downtime(events, at(0), at(9))).contains(Duration.ofSeconds(5));
        assertThat(Timeline.downtime(events, at(0), at(7))).isEmpty();
    }

    /** One letter a second: the server that acknowledged; a dot for none. */
    private static List<Acknowledgement> acks(String servers) {
        List<Acknowledgement> acks = new ArrayList<>();
        for (int i = 0; i < servers.length(); i++) {
            if (servers.charAt(i) != '.') {
                acks.add(new Acknowledgement(at(i), i, "pod", servers.substring(i, i + 1)));
            }
        }
        return acks;
    }

    private static LedgerEvent event(long second, String pod, Kind kind) {
        return new LedgerEvent(at(second), pod, kind, "");
    }

    private static Instant at(long second) {
        return Instant.EPOCH.plusSeconds(second);
    }
}
