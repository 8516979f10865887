package dev.switchback.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunbooksDocTest {
    private static final String PAGE = "docs/runbooks.md";

    @Test
    void theCommittedPageIsWhatTheCodeDoes(@TempDir Path folder) throws Exception {
        String page = RunbooksPage.of(RunbooksPage.Runbooks.read(folder));
        if (Boolean.getBoolean("docs.update")) {
            Project.write(PAGE, page);
        }
        assertThat(Project.text(PAGE)).as("write it anew with -Ddocs.update=true").isEqualTo(page);
    }

    @Test
    void everyStepThatActsSaysWhatItsUndoDoesAndNoOtherDoes(@TempDir Path folder) throws Exception {
        RunbooksPage.Runbooks runbooks = RunbooksPage.Runbooks.read(folder);
        assertThat(RunbooksPage.UNDO.keySet())
                .containsExactlyInAnyOrderElementsOf(RunbooksPage.acting(runbooks.offline()));
        assertThat(RunbooksPage.UNDO_RETURN.keySet())
                .containsExactlyInAnyOrderElementsOf(RunbooksPage.acting(runbooks.withData()));
        List<String> online = RunbooksPage.acting(runbooks.online());
        assertThat(online).containsAll(RunbooksPage.UNDO_ONLINE.keySet());
        assertThat(online)
                .allMatch(step ->
                        RunbooksPage.UNDO.containsKey(step)
                                || RunbooksPage.UNDO_ONLINE.containsKey(step));
    }
}
