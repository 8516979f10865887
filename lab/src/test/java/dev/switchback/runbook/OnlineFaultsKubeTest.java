package dev.switchback.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.engine.JournalState.StepState;
import dev.switchback.engine.Outcome;
import dev.switchback.engine.Phase;
import dev.switchback.engine.RunResult;
import dev.switchback.engine.Runbook;
import dev.switchback.fault.Code;
import dev.switchback.pg.Sql;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The online cutover meets trouble: before the commit point users have the source again, and the
 * next try begins with a link that lives.
 */
@Tag("boundaries")
class OnlineFaultsKubeTest {
    /** Longer than the budget of the tests below. */
    private static final Duration TOO_LONG = Duration.ofSeconds(4);

    @Test
    void aFaultAtEachStepOfTheCutoverInTurnLeavesTheSourceServingAndTheLinkWhole()
            throws Exception {
        try (OnlineRig online = new OnlineRig()) {
            List<String> steps = online.actingSteps("stop-writers", "open-target");
            assertThat(steps).contains("drain-link", "create-reverse-link").hasSizeGreaterThan(8);
            for (String step : steps) {
                RunResult failed = online.migrate(book -> Drill.failAt(book, step));
                assertThat(failed.problems()).as(step).isNotEmpty();
                assertThat(failed.problems().getFirst().code())
                        .as("%s: %s", step, failed.problems())
                        .isEqualTo(Code.DRILL);
                OnlineRig.assertReleased(failed);
                online.assertOpenOnTheOldSideWithAHealthyLink();
            }
            RunResult done = online.migrate();
            assertThat(done.outcome()).as("%s", done.problems()).isEqualTo(Outcome.COMPLETED);
            assertThat(done.state().attempt()).isEqualTo(steps.size() + 1);
            online.assertOpenOnTheTargetWithAHealthyLink();
            online.rig.assertMigrated();
        }
    }

    @Test
    void aPauseLongerThanItsBudgetEndsOnTheOldSideAndALongerBudgetSucceeds() throws Exception {
        try (OnlineRig online = new OnlineRig()) {
            Path hurried =
                    online.document(
                            OnlineRig.BUDGETS,
                            "budgets: {stopWriters: 60s, startWriters: 60s, writePause: 1s}");
            for (String slow : List.of("drain-link", "create-reverse-link", "pin-snapshots")) {
                RunResult late =
                        online.migrate(hurried, book -> slowed(book, slow), options -> options);
                OnlineRig.assertReleased(late);
                assertThat(late.problems().getFirst().code())
                        .as("%s: %s", slow, late.problems())
                        .isEqualTo(Code.PAUSE_OVER_BUDGET);
                online.assertOpenOnTheOldSideWithAHealthyLink();
            }
            RunResult done = online.migrate();
            assertThat(done.outcome()).as("%s", done.problems()).isEqualTo(Outcome.COMPLETED);
            online.assertOpenOnTheTargetWithAHealthyLink();
            online.rig.assertMigrated();
        }
    }

    private static Runbook slowed(Runbook book, String id) {
        return Rig.with(book, id, step -> AlteredStep.thenLingers(step, TOO_LONG));
    }

    @Test
    void rowsThatDifferOnTheTargetAreNamedAndDefinitionsThatDifferNeverStopTheService()
            throws Exception {
        try (OnlineRig online = new OnlineRig()) {
            RunResult synced =
                    online.migrate(online.document, book -> book, o -> o.withUntil(Phase.SYNC));
            assertThat(synced.outcome())
                    .as("%s", synced.problems())
                    .isEqualTo(Outcome.STOPPED_AT_PHASE);
            var source = online.rig.lab.source();
            var target = online.rig.lab.target();

            // a row deleted behind our back: counted in the pause, and everything taken back
            try (Connection session = target.connect("mastodon")) {
                Sql.run(
                        session,
                        "SET session_replication_role = replica; CREATE TEMP TABLE kept AS"
                                + " SELECT * FROM follows ORDER BY id LIMIT 1;"
                                + " DELETE FROM follows WHERE id = (SELECT id FROM kept)");
                RunResult short1 = online.migrate();
                OnlineRig.assertReleased(short1);
                assertThat(short1.problems().getFirst().code()).isEqualTo(Code.CONTENT_DIFFERS);
                assertThat(OnlineRig.words(short1)).contains("public.follows");
                online.assertOpenOnTheOldSideWithAHealthyLink();
                Sql.run(session, "INSERT INTO follows SELECT * FROM kept; DROP TABLE kept");
            }

            // a column more on the source: seen before anybody is stopped
            OnlineRig.on(source, "ALTER TABLE follows ADD COLUMN surprise int");
            long before = online.rig.lab.ledger().acknowledgedWrites();
            var from = online.rig.lab.ledger().now();
            RunResult drifted = online.migrate();
            assertThat(drifted.problems()).isNotEmpty();
            assertThat(drifted.problems().getFirst().code())
                    .as("%s", drifted.problems())
                    .isEqualTo(Code.SCHEMA_DRIFT);
            assertThat(OnlineRig.words(drifted)).contains("follows");
            assertThat(
                            drifted.state()
                                    .step("stop-writers")
                                    .filter(r -> r.state() != StepState.UNDONE)
                                    .filter(r -> r.attempt() == drifted.state().attempt()))
                    .as("writers were stopped")
                    .isEmpty();
            assertThat(online.rig.lab.ledger().acknowledgedWrites()).isGreaterThan(before);
            assertThat(
                            online.rig
                                    .lab
                                    .ledger()
                                    .longestPause(from, online.rig.lab.ledger().now())
                                    .orElse(Duration.ZERO))
                    .isLessThan(Duration.ofSeconds(3));
            online.assertOpenOnTheOldSideWithAHealthyLink();
            OnlineRig.on(source, "ALTER TABLE follows DROP COLUMN surprise");

            // a row changed behind our back: its count is right, its content is not
            OnlineRig.on(
                    target,
                    "SET session_replication_role = replica; UPDATE follows SET show_reblogs = NOT show_reblogs"
                            + " WHERE id = (SELECT min(id) FROM follows)");
            RunResult differs = online.migrate();
            assertThat(differs.outcome())
                    .as("%s", differs.problems())
                    .isEqualTo(Outcome.INCOMPLETE_AFTER_COMMIT);
            assertThat(differs.problems().getFirst().code()).isEqualTo(Code.CONTENT_DIFFERS);
            assertThat(OnlineRig.words(differs)).contains("public.follows");
        }
    }
}
