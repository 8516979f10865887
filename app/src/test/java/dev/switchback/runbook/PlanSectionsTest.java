package dev.switchback.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.engine.Facts;
import dev.switchback.engine.JournalState;
import dev.switchback.engine.JournalState.Status;
import dev.switchback.engine.JournalState.StepRecord;
import dev.switchback.engine.JournalState.StepState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** When a plan is still compared: only while the run has not changed what it was made of. */
class PlanSectionsTest {

    private static Optional<JournalState> journal(Status status, StepRecord... steps) {
        return Optional.of(
                new JournalState(
                        JournalState.API_VERSION,
                        "n/m: a -> b",
                        "uid",
                        "offline",
                        1,
                        null,
                        2,
                        status,
                        List.of(steps),
                        null,
                        List.of()));
    }

    private static StepRecord stopped(StepState state, int attempt) {
        return new StepRecord(
                "stop-writers",
                state,
                attempt,
                false,
                Facts.NONE,
                Facts.NONE,
                Instant.EPOCH,
                null,
                null);
    }

    @Test
    void beforeTheFirstRunAndWhileOnlyTheTargetIsPreparedItIsCompared() {
        assertThat(PlanSections.overtaken(Optional.empty())).isFalse();
        assertThat(PlanSections.overtaken(journal(Status.RUNNING))).isFalse();
    }

    @Test
    void onceTheWritersAreToBeStoppedInThisAttemptItIsNot() {
        for (StepState state : List.of(StepState.INTENT, StepState.DONE, StepState.LEFTOVER)) {
            assertThat(PlanSections.overtaken(journal(Status.RUNNING, stopped(state, 2))))
                    .as("%s", state)
                    .isTrue();
        }
        assertThat(PlanSections.overtaken(journal(Status.RUNNING, stopped(StepState.DONE, 1))))
                .isFalse();
        assertThat(PlanSections.overtaken(journal(Status.RUNNING, stopped(StepState.UNDONE, 2))))
                .isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"RELEASED", "ABORTED", "RETURNED", "NEW"})
    void whereTheSourceServesAsBeforeItIsComparedAgain(Status status) {
        assertThat(PlanSections.overtaken(journal(status))).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"RELEASING", "COMMITTED", "COMPLETED", "RETURNING"})
    void pastTheCommitPointAndWhilePuttingBackItIsNot(Status status) {
        assertThat(PlanSections.overtaken(journal(status))).isTrue();
    }
}
