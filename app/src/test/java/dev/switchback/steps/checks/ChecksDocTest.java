package dev.switchback.steps.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.docs.Project;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/checks.md says what the code does. */
class ChecksDocTest {
    private static final String PAGE = "docs/checks.md";
    private static final String HEADING = "## What `check-data` looks for";
    private static final String RULE = "|---|---|---|---|\n";

    private static List<List<String>> traps() {
        return Traps.ALL.stream()
                .map(trap ->
                        List.of(
                                "`" + trap.name() + "`",
                                trap.blocks() ? "block" : "warn",
                                "`" + trap.code().id() + "`",
                                trap.why()))
                .toList();
    }

    @Test
    void everyTrapHasItsRowAndNoRowIsExtra() {
        if (Boolean.getBoolean("docs.update")) {
            String page = Project.text(PAGE);
            int start = page.indexOf(RULE, page.indexOf(HEADING)) + RULE.length();
            int end = page.indexOf("\nEach query is", start);
            Project.write(
                    PAGE,
                    page.substring(0, start)
                            + traps().stream()
                                    .map(row -> "| " + String.join(" | ", row) + " |\n")
                                    .collect(Collectors.joining())
                            + page.substring(end));
        }
        assertThat(Project.rows(Project.text(PAGE), HEADING))
                .as("write it anew with -Ddocs.update=true")
                .containsExactlyElementsOf(traps());
    }

    @Test
    void everyCheckOfTheFirstTableIsAStepOfTheRunbook() {
        String runbooks = Project.text("docs/runbooks.md");
        assertThat(Project.rows(Project.text(PAGE), "## What each check looks at"))
                .isNotEmpty()
                .allSatisfy(row -> assertThat(runbooks).contains(row.getFirst()));
    }

    @Test
    void everyTrapHasItsQueryAndARemedy() {
        Query queries = new Query(dev.switchback.pg.Exclusions.spilo(), List.of("shop"), List.of());
        Pattern open = Pattern.compile("/\\*[a-z]+\\*/");
        assertThat(Traps.ALL)
                .allSatisfy(trap -> {
                    assertThat(queries.text(trap.name())).doesNotContainPattern(open);
                    assertThat(trap.remedy()).isNotBlank();
                    assertThat(trap.why()).isNotBlank();
                });
    }
}
