package dev.switchback.zalando;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.Lsn;
import org.junit.jupiter.api.Test;

/** Files as real servers wrote them: after failovers, and after a recovery to a point in time. */
class TimelineHistoryTest {
    private static final String AFTER_TWO_FAILOVERS =
            "1\t0/5000098\tno recovery target specified\n\n2\t0/9A1C2F8\tno recovery target specified\n";

    private static final String RESTORED =
            """
            # made by hand
            1\t0/3000000\tbefore 2000-01-01 00:00:00+00

              3\tA/FF000028\tat restore point "before the mistake"
            """;

    @Test
    void eachTimelineIsLeftWhereItsLineSays() {
        TimelineHistory history = TimelineHistory.parse(3, AFTER_TWO_FAILOVERS);
        assertThat(history.current()).isEqualTo(3);
        assertThat(history.left(1)).contains(Lsn.parse("0/5000098"));
        assertThat(history.left(2)).contains(Lsn.parse("0/9A1C2F8"));
        assertThat(history.left(3)).as("still written").isEmpty();
        assertThat(history.left(7)).as("no ancestor").isEmpty();
    }

    @Test
    void commentsBlankLinesAndReasonsWithBlanksAreUnderstood() {
        TimelineHistory history = TimelineHistory.parse(4, RESTORED);
        assertThat(history.ancestors()).hasSize(2);
        assertThat(history.left(3)).contains(Lsn.parse("A/FF000028"));
        assertThat(history.left(2)).as("skipped by the restore").isEmpty();
    }

    @Test
    void whatIsNotUnderstoodIsNeverTakenForNoSwitch() {
        for (String broken :
                new String[] {"", "\n# only a comment\n", "one\t0/5000098", "1\tzero", "1"}) {
            assertThatThrownBy(() -> TimelineHistory.parse(2, broken))
                    .as(broken)
                    .isInstanceOfSatisfying(
                            SwitchbackException.class,
                            e -> assertThat(e.code()).isEqualTo(Code.TIMELINE_UNREADABLE));
        }
    }

    @Test
    void aWalFilesNameBeginsWithItsTimeline() {
        assertThat(TimelineHistory.timelineOf("0000000A000000010000004C")).isEqualTo(10);
    }
}
