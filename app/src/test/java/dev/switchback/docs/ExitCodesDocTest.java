package dev.switchback.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.fault.Code;
import dev.switchback.fault.ExitCode;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExitCodesDocTest {
    private static final String DOCUMENT = Project.text("docs/exit-codes.md");

    @Test
    void everyExitCodeHasItsRowAndNoRowIsExtra() {
        assertThat(Project.rows(DOCUMENT, "## Exit codes").stream().map(List::getFirst))
                .containsExactlyElementsOf(
                        Arrays.stream(ExitCode.values()).map(e -> "`" + e.code() + "`").toList());
    }

    @Test
    void everyErrorCodeHasItsRowWithNameAndExitCodeAndNoRowIsExtra() {
        assertThat(Project.rows(DOCUMENT, "## Error codes").stream().map(r -> r.subList(0, 3)))
                .containsExactlyElementsOf(
                        Arrays.stream(Code.values())
                                .map(c ->
                                        List.of(
                                                "`" + c.id() + "`",
                                                "`" + c.name() + "`",
                                                "`" + c.exit().code() + "`"))
                                .toList());
    }

    @Test
    void everyErrorCodeSaysWhatItMeansAndWhatToDo() {
        assertThat(Project.rows(DOCUMENT, "## Error codes"))
                .allSatisfy(row -> {
                    assertThat(row).hasSize(5);
                    assertThat(row.get(3)).isNotBlank();
                    assertThat(row.get(4)).isNotBlank();
                });
    }
}
