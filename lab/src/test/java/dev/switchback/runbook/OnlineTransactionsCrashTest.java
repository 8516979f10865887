package dev.switchback.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.engine.Outcome;
import dev.switchback.engine.Phase;
import dev.switchback.engine.RunResult;
import dev.switchback.fault.Code;
import dev.switchback.lab.mastodon.MastodonSchema;
import dev.switchback.lab.pg.LongTransaction;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Somebody's transaction stays open for two minutes where the migration needs it to end. */
@Tag("boundaries")
@Tag("long")
class OnlineTransactionsCrashTest {
    private static final Duration OPEN = Duration.ofMinutes(2);

    @Test
    void aTransactionOfTwoMinutesAtTheSlotIsNamedAndWaitedForAndAtTheCutoverIsEndedUnacknowledged()
            throws Exception {
        try (OnlineRig online = new OnlineRig()) {
            ConnectionSpec application =
                    online.rig
                            .lab
                            .source()
                            .superuser("mastodon")
                            .withLogin(MastodonSchema.OWNER, MastodonSchema.OWNER_PASSWORD)
                            .withApplicationName("batch");
            Instant began = Instant.now();
            try (LongTransaction open = LongTransaction.begin(application)) {
                RunResult refused = until(online, Phase.SYNC);
                OnlineRig.assertReleased(refused);
                assertThat(refused.problems().getFirst().code()).isEqualTo(Code.SLOT_TIMEOUT);
                assertThat(OnlineRig.words(refused)).contains("pid " + open.pid());
                assertThat(open.isOpen()).as("nobody ended it").isTrue();
                online.rig.assertSourceServes();

                long left = Duration.between(Instant.now(), began.plus(OPEN)).toMillis();
                CompletableFuture<Boolean> ended =
                        CompletableFuture.supplyAsync(
                                open::commit,
                                CompletableFuture.delayedExecutor(
                                        Math.max(0, left), TimeUnit.MILLISECONDS));
                RunResult synced = until(online, Phase.SYNC);
                if (synced.outcome() == Outcome.RELEASED) {
                    assertThat(ended.get(2, TimeUnit.MINUTES)).isTrue();
                    synced = until(online, Phase.SYNC);
                }
                assertThat(synced.outcome())
                        .as("%s", synced.problems())
                        .isEqualTo(Outcome.STOPPED_AT_PHASE);
                assertThat(ended.get(2, TimeUnit.MINUTES)).as("it could commit").isTrue();
            }

            try (Connection batch = Pg.open(application)) {
                batch.setAutoCommit(false);
                Sql.run(batch, "UPDATE follows SET show_reblogs = NOT show_reblogs");
                RunResult done = online.migrate();
                assertThat(done.outcome()).as("%s", done.problems()).isEqualTo(Outcome.COMPLETED);
                assertThat(commits(batch)).as("acknowledged behind the fence").isFalse();
            }
            online.assertOpenOnTheTargetWithAHealthyLink();
            online.rig.assertMigrated();
        }
    }

    private static RunResult until(OnlineRig online, Phase phase) {
        return online.migrate(online.document, book -> book, options -> options.withUntil(phase));
    }

    private static boolean commits(Connection session) {
        try {
            session.commit();
            return true;
        } catch (java.sql.SQLException e) {
            return false;
        }
    }
}
