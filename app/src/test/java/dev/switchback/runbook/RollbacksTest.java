package dev.switchback.runbook;

import static dev.switchback.runbook.NowhereStage.OPENED;
import static dev.switchback.runbook.NowhereStage.done;
import static dev.switchback.runbook.NowhereStage.journal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.engine.JournalState;
import dev.switchback.engine.JournalState.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What going back is said to cost where no server can be read. */
class RollbacksTest {
    private static final JournalState STREAMING =
            journal(
                    Status.COMMITTED,
                    done("create-reverse-link", "reverse", "streaming"),
                    done("open-target"));

    @TempDir Path folder;

    /** As if both servers were looked at and nothing was wrong. */
    private static ReverseLink.Standing whole(Stage stage, JournalState journal) {
        return ReverseLink.standing(stage.world(), journal, (_, _, _) -> Optional.empty());
    }

    private Rollbacks.Verdict verdict(JournalState journal) throws IOException {
        try (Stage stage = NowhereStage.open(folder, NowhereStage.DOCUMENT)) {
            return Rollbacks.verdict(stage.world(), journal, whole(stage, journal));
        }
    }

    @Test
    void whileTheReverseLinkStreamsItIsWithDataUntilTheWindowEnds() throws IOException {
        Rollbacks.Verdict verdict = verdict(STREAMING);
        assertThat(verdict.state()).isEqualTo(Rollbacks.State.WITH_DATA);
        assertThat(verdict.word()).isEqualTo("withData");
        assertThat(verdict.words()).isEqualTo("with data");
        assertThat(verdict.since()).isEqualTo(OPENED);
        assertThat(verdict.windowEnds()).isEqualTo(Instant.parse("2026-11-22T02:00:00Z"));
    }

    @Test
    void aWindowThatIsOverIsToldAndEndsNothingByItself() throws IOException {
        Rollbacks.Verdict verdict = verdict(STREAMING);
        assertThat(verdict.state()).isEqualTo(Rollbacks.State.WITH_DATA);
        assertThat(verdict.reason()).contains("its window is over", "switchback close-rollback");
    }

    @Test
    void aClosedWindowLosesWritesAndSaysWhoClosedItWhen() throws IOException {
        Instant at = Instant.parse("2026-11-21T09:00:00Z");
        Rollbacks.Verdict verdict = verdict(STREAMING.rollbackClosedBy("bob", at));
        assertThat(verdict.state()).isEqualTo(Rollbacks.State.LOSES_WRITES);
        assertThat(verdict.word()).isEqualTo("loses-writes");
        assertThat(verdict.reason()).contains("closed by bob at 2026-11-21T09:00:00Z");
        assertThat(verdict.since()).isEqualTo(at);
        assertThat(verdict.windowEnds()).isEqualTo(at);
    }

    @Test
    void withoutAReverseLinkTheReasonOfTheForwardRunIsTold() throws IOException {
        Rollbacks.Verdict verdict =
                verdict(
                        journal(
                                Status.COMPLETED,
                                done(
                                        "create-reverse-link",
                                        "reverse",
                                        "none",
                                        "reason",
                                        "table audit has no identity"),
                                done("open-target")));
        assertThat(verdict.state()).isEqualTo(Rollbacks.State.LOSES_WRITES);
        assertThat(verdict.atLeast()).isEqualTo(-1);
        assertThat(verdict.words()).isEqualTo("loses writes");
        assertThat(verdict.reason())
                .contains("no reverse link: table audit has no identity", "cannot be read");
        assertThat(verdict.since()).isEqualTo(OPENED);
        assertThat(verdict.windowEnds()).isNull();
    }

    @Test
    void aReverseLinkOfAnEarlierAttemptIsNone() throws IOException {
        JournalState second =
                new JournalState(
                        STREAMING.apiVersion(),
                        STREAMING.migration(),
                        STREAMING.uid(),
                        STREAMING.runbook(),
                        2,
                        null,
                        2,
                        Status.COMMITTED,
                        STREAMING.steps(),
                        null,
                        STREAMING.audit());
        assertThat(verdict(second).state()).isEqualTo(Rollbacks.State.LOSES_WRITES);
    }

    @Test
    void aReverseLinkThatTheWayBackTookAwayIsNone() throws IOException {
        JournalState returned =
                journal(
                        Status.RETURNED,
                        done("create-reverse-link", "reverse", "streaming"),
                        done("drop-reverse-link"));
        try (Stage stage = NowhereStage.open(folder, NowhereStage.DOCUMENT)) {
            assertThat(ReverseLink.standing(stage.world(), returned).state())
                    .isEqualTo(ReverseLink.State.NONE);
            assertThat(whole(stage, STREAMING).state()).isEqualTo(ReverseLink.State.STREAMING);
        }
    }

    @Test
    void beforeTheCommitPointAndAfterAReturnItIsFree() throws IOException {
        for (Status status :
                new Status[] {
                    Status.NEW,
                    Status.RUNNING,
                    Status.RELEASED,
                    Status.RETURN_COMMITTED,
                    Status.RETURNED
                }) {
            assertThat(verdict(journal(status)).state())
                    .as(status.name())
                    .isEqualTo(Rollbacks.State.FREE);
        }
    }

    @Test
    void theWayBackIsTheOneUnderWayElseByTheReverseLink() throws IOException {
        try (Stage stage = NowhereStage.open(folder, NowhereStage.DOCUMENT)) {
            assertThat(stage.wayBack(journal(Status.COMMITTED)).name()).isEqualTo(WayBack.NAME);
            assertThat(stage.wayBack(STREAMING.rollbackClosedBy("bob", OPENED)).name())
                    .isEqualTo(WayBack.NAME);
            assertThat(Runbooks.wayBack(stage.world(), STREAMING, verdict(STREAMING)).name())
                    .isEqualTo(Return.NAME);
            // neither server can be read here: that is never "with data"
            assertThat(stage.wayBack(STREAMING).name()).isEqualTo(WayBack.NAME);
        }
    }

    @Test
    void aDocumentThatWantsAnApprovalHasItsGateBeforeTheWritersAreStopped() throws IOException {
        try (Stage plain = NowhereStage.open(folder, NowhereStage.DOCUMENT);
                Stage asks =
                        NowhereStage.open(folder, NowhereStage.DOCUMENT + "  approve: true\n")) {
            assertThat(plain.runbook().gates()).isEmpty();
            assertThat(asks.runbook().gates())
                    .singleElement()
                    .satisfies(gate -> {
                        assertThat(gate.id()).isEqualTo("approval");
                        assertThat(gate.before()).isEqualTo("stop-writers");
                    });
        }
    }
}
