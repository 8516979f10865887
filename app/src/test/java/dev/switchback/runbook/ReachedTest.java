package dev.switchback.runbook;

import static dev.switchback.runbook.NowhereStage.done;
import static dev.switchback.runbook.NowhereStage.journal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchback.engine.JournalState.Status;
import dev.switchback.engine.JournalState.StepRecord;
import dev.switchback.engine.Phase;
import dev.switchback.engine.Runbook;
import dev.switchback.engine.UndoAt;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether a cutover may be asked for. */
class ReachedTest {
    @TempDir Path folder;

    private Runbook book() throws IOException {
        try (Stage stage = NowhereStage.open(folder, NowhereStage.DOCUMENT)) {
            return stage.runbook();
        }
    }

    private static StepRecord[] prepared(Runbook book, boolean keptOnly) {
        return book.entries().stream()
                .filter(e -> e.phase().compareTo(Phase.CUTOVER) < 0)
                .filter(e -> !keptOnly || e.step().undoAt() == UndoAt.ABORT)
                .map(e -> done(e.step().id()))
                .toArray(StepRecord[]::new);
    }

    @Test
    void onceEverythingBeforeItIsDoneItMay() throws IOException {
        Runbook book = book();
        assertThatCode(() -> Reached.cutover(journal(Status.RUNNING, prepared(book, false)), book))
                .doesNotThrowAnyException();
        assertThatCode(() -> Reached.cutover(journal(Status.RELEASED, prepared(book, true)), book))
                .doesNotThrowAnyException();
        assertThatCode(() -> Reached.cutover(journal(Status.COMMITTED), book))
                .doesNotThrowAnyException();
    }

    @Test
    void elseItSaysWhatToRun() throws IOException {
        Runbook book = book();
        for (Status status : new Status[] {Status.NEW, Status.RUNNING, Status.ABORTED}) {
            assertThatThrownBy(() -> Reached.cutover(journal(status), book))
                    .as(status.name())
                    .hasMessageContaining("SB-482")
                    .hasMessageContaining("switchback migrate --until prepare");
        }
        assertThatThrownBy(() -> Reached.cutover(journal(Status.RETURNING), book))
                .hasMessageContaining("switchback rollback");
    }

    @Test
    void anApprovalMeansSomethingBeforeTheCommitPointOnly() {
        assertThat(Reached.beforeCommit(journal(Status.RELEASED))).isTrue();
        assertThat(Reached.beforeCommit(journal(Status.COMMITTED))).isFalse();
    }
}
