package dev.switchback.settle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.settle.WatchRecord.AlertState;
import dev.switchback.settle.WatchRecord.LateWriter;
import dev.switchback.spec.Settle;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What a look makes of the record. */
class JudgingTest {
    private static final Instant START = Instant.parse("2026-11-22T02:00:00Z");

    private final Judging judging = new Judging(Settle.DEFAULT);
    private WatchRecord record = WatchRecord.first("uid", START);
    private Instant now = START;

    private WatchRecord look(Consumer<Look> seen) {
        return look(seen, true);
    }

    private WatchRecord look(Consumer<Look> seen, boolean continuous) {
        now = now.plus(Settle.DEFAULT.interval());
        Look look = new Look(now, record.memory());
        seen.accept(look);
        record = judging.after(record, look, continuous, Optional.empty());
        return record;
    }

    private static void backup(Look look, int failed) {
        look.put(Metric.BACKUP_FAILED, failed, "what", "backup");
    }

    private static void errors(Look look, double share) {
        look.put(Metric.APPLICATION_ERROR_RATIO, share, "writer", "deployment/web");
    }

    private String state(String alert) {
        return record.alert(alert).map(AlertState::state).orElse("");
    }

    @Test
    void oneBadLookDoesNotFireAndOneGoodLookDoesNotClear() {
        look(l -> errors(l, 0.06));
        assertThat(state(Alerts.ERRORS)).isEqualTo("ok");
        look(l -> errors(l, 0.04));
        look(l -> errors(l, 0.06));
        assertThat(state(Alerts.ERRORS)).isEqualTo("ok");
        look(l -> errors(l, 0.06));
        assertThat(state(Alerts.ERRORS)).isEqualTo("firing");
        look(l -> errors(l, 0.0));
        assertThat(state(Alerts.ERRORS)).isEqualTo("firing");
        look(l -> errors(l, 0.0));
        assertThat(state(Alerts.ERRORS)).isEqualTo("ok");
        assertThat(record.transitions())
                .extracting(WatchRecord.AlertEvent::change)
                .containsExactly("fired", "cleared");
        assertThat(record.firings()).isEqualTo(1);
    }

    @Test
    void exactlyTheGuidesFivePercentIsNotAboveIt() {
        look(l -> errors(l, 0.05));
        look(l -> errors(l, 0.05));
        assertThat(state(Alerts.ERRORS)).isEqualTo("ok");
    }

    @Test
    void whatCannotBeReadNeitherClearsAFiringAlertNorIsFine() {
        look(l -> backup(l, 1));
        assertThat(state(Alerts.BACKUP)).isEqualTo("firing");
        for (int i = 0; i < 5; i++) {
            look(l -> l.unread(BackupReader.NAME, "forbidden"));
        }
        assertThat(state(Alerts.BACKUP)).isEqualTo("firing");
        look(l -> backup(l, 0));
        assertThat(state(Alerts.BACKUP)).isEqualTo("ok");
        look(l -> l.unread(BackupReader.NAME, "forbidden"));
        assertThat(state(Alerts.BACKUP)).isEqualTo("unknown");
    }

    @Test
    void theStableStretchEndsWithASeriousAlertAndNotWithAReminder() {
        look(l -> {});
        Instant first = now;
        assertThat(record.stableSince()).contains(first);
        look(l -> l.put(Metric.ROLLBACK_WINDOW_SECONDS, 60));
        assertThat(state(Alerts.WINDOW)).isEqualTo("firing");
        assertThat(record.stableSince()).contains(first);
        look(l -> backup(l, 1));
        assertThat(record.stableSince()).isEmpty();
        look(l -> backup(l, 0));
        assertThat(record.stableSince()).contains(now);
    }

    @Test
    void timeInWhichNobodyWatchedIsNotWatched() {
        look(l -> {});
        look(l -> {});
        assertThat(record.watched()).isEqualTo(Settle.DEFAULT.interval());
        now = now.plus(Duration.ofDays(3));
        look(l -> {}, false);
        assertThat(record.watched()).isEqualTo(Settle.DEFAULT.interval());
        now = now.minus(Duration.ofDays(9));
        look(l -> {}, true);
        assertThat(record.watched()).isEqualTo(Settle.DEFAULT.interval());
    }

    @Test
    void aLateWriterSeenAgainIsNoNewOne() {
        for (int i = 0; i < 3; i++) {
            look(l ->
                    l.late(
                            new LateWriter(
                                    l.at(), "session", "10.0.0.7", "app", "cron", "shop", "")));
        }
        assertThat(record.lateWriters())
                .singleElement()
                .satisfies(w -> assertThat(w.at()).isEqualTo(now));
    }

    @Test
    void theTargetsOwnBaselineIsTheMiddleOfTheLastLooks() {
        look(l -> {});
        now = now.plus(Duration.ofHours(24));
        look(l -> l.memory().put("response.shop: round trip", "900 100 200"));
        assertThat(record.baselines())
                .hasEntrySatisfying(
                        Baselines.SETTLED,
                        b -> assertThat(b.seconds()).isEqualTo(Map.of("shop: round trip", 0.0002)));
    }
}
