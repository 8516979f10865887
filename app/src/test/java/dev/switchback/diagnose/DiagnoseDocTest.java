package dev.switchback.diagnose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.docs.Project;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/diagnose.md lists the causes that the code knows, in its order. */
class DiagnoseDocTest {
    private static final String PAGE = "docs/diagnose.md";
    private static final String HEADING = "## The causes";
    private static final String RULE = "|---|---|---|---|\n";

    private static List<List<String>> causes() {
        return Causes.ALL.stream()
                .map(c ->
                        List.of(
                                "`" + c.id() + "`",
                                c.symptom().word(),
                                c.certainty().word(),
                                c.what()))
                .toList();
    }

    @Test
    void everyCauseHasItsRowAndNoRowIsExtra() {
        if (Boolean.getBoolean("docs.update")) {
            String page = Project.text(PAGE);
            int start = page.indexOf(RULE, page.indexOf(HEADING)) + RULE.length();
            int end = page.indexOf("\n## ", start);
            Project.write(
                    PAGE,
                    page.substring(0, start)
                            + causes().stream()
                                    .map(row -> "| " + String.join(" | ", row) + " |\n")
                                    .collect(Collectors.joining())
                            + page.substring(end));
        }
        assertThat(Project.rows(Project.text(PAGE), HEADING))
                .as("write it anew with -Ddocs.update=true")
                .containsExactlyElementsOf(causes());
    }

    @Test
    void everyChapterHasAtLeastFiveCauses() {
        assertThat(Arrays.asList(Symptom.values()))
                .allSatisfy(symptom ->
                        assertThat(Causes.ALL)
                                .filteredOn(c -> c.symptom() == symptom)
                                .hasSizeGreaterThanOrEqualTo(5));
    }
}
