package dev.switchback.zalando;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.pg.Lsn;
import dev.switchback.zalando.Continuity.Verdict;
import org.junit.jupiter.api.Test;

/** Rules 2 and 3 of facts/patroni-lab.md §5. */
class ContinuityTest {
    private static final String HISTORY =
            "1\t0/5000098\tno recovery target specified\n2\t0/9000000\tno recovery target specified\n";
    private static final Leader BEFORE = leader("shop-0", 1, "7300000000000000001");

    private static Leader leader(String pod, long timeline, String system) {
        return new Leader(pod, "10.0.0.7", timeline, system);
    }

    private static Continuity judge(Leader now, String applied) {
        TimelineHistory history =
                now.timeline() == 1
                        ? TimelineHistory.parse(1, HISTORY)
                        : TimelineHistory.parse(now.timeline(), HISTORY);
        return Continuity.of(BEFORE, now, history, Lsn.parse(applied));
    }

    @Test
    void whatEndsAtOrBeforeTheSwitchGoesOn() {
        Leader now = leader("shop-1", 2, BEFORE.systemIdentifier());
        assertThat(judge(now, "0/5000097").continuous()).isTrue();
        assertThat(judge(now, "0/5000098").continuous()).isTrue();
    }

    @Test
    void oneByteBeyondTheSwitchIsDivergedAndBothPositionsAreNamed() {
        Continuity beyond = judge(leader("shop-1", 2, BEFORE.systemIdentifier()), "0/5000099");
        assertThat(beyond.verdict()).isEqualTo(Verdict.DIVERGED);
        assertThat(beyond.why()).contains("0/5000099", "0/5000098");
    }

    @Test
    void afterSeveralFailoversTheTimelineThatWasFollowedDecides() {
        Leader now = leader("shop-1", 3, BEFORE.systemIdentifier());
        assertThat(judge(now, "0/5000100").verdict())
                .as("before the last switch, beyond the first")
                .isEqualTo(Verdict.DIVERGED);
        assertThat(judge(now, "0/5000000").verdict()).isEqualTo(Verdict.CONTINUOUS);
    }

    @Test
    void theSameTimelineIsContinuousWhereverTheSubscriberStands() {
        assertThat(judge(leader("shop-1", 1, BEFORE.systemIdentifier()), "F/0").continuous())
                .isTrue();
    }

    @Test
    void positionsAreOrderedWithoutSign() {
        assertThat(Continuity.of(Lsn.parse("FFFFFFFF/0"), Lsn.parse("1/0")).verdict())
                .isEqualTo(Verdict.DIVERGED);
    }

    @Test
    void anotherClusterAndAnotherBranchAreDiverged() {
        assertThat(judge(leader("shop-0", 1, "7300000000000000002"), "0/1").why())
                .contains("system identifier");
        Leader branch = leader("shop-1", 9, BEFORE.systemIdentifier());
        Continuity other =
                Continuity.of(
                        BEFORE,
                        branch,
                        TimelineHistory.parse(9, "5\t0/1000000\tno recovery target specified\n"),
                        Lsn.parse("0/1"));
        assertThat(other.verdict()).isEqualTo(Verdict.DIVERGED);
        assertThat(other.why()).contains("does not descend");
    }
}
