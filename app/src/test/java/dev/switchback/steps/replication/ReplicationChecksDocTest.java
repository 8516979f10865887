package dev.switchback.steps.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.docs.Project;
import dev.switchback.pg.Sql;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/checks.md says what the online checks do. */
class ReplicationChecksDocTest {
    private static final String PAGE = "docs/checks.md";
    private static final String HEADING = "## What `check-replicable` asks";
    private static final String RULE = "|---|---|---|---|---|\n";

    private static List<List<String>> questions() {
        return Questions.ALL.stream()
                .map(q ->
                        List.of(
                                "`" + q.name() + "`",
                                word(q.place()),
                                word(q.level()),
                                "`" + q.code().id() + "`",
                                q.why()))
                .toList();
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    @Test
    void everyQuestionHasItsRowAndNoRowIsExtra() {
        if (Boolean.getBoolean("docs.update")) {
            String page = Project.text(PAGE);
            int start = page.indexOf(RULE, page.indexOf(HEADING)) + RULE.length();
            int end = page.indexOf("\nEach query is", start);
            Project.write(
                    PAGE,
                    page.substring(0, start)
                            + questions().stream()
                                    .map(row -> "| " + String.join(" | ", row) + " |\n")
                                    .collect(Collectors.joining())
                            + page.substring(end));
        }
        assertThat(Project.rows(Project.text(PAGE), HEADING))
                .as("write it anew with -Ddocs.update=true")
                .containsExactlyElementsOf(questions());
    }

    @Test
    void everyQuestionHasItsQuery() {
        assertThat(Questions.ALL)
                .allSatisfy(q ->
                        assertThat(Sql.resource(Question.class, q.name() + ".sql"))
                                .startsWith("-- ")
                                .contains("given"));
    }

    @Test
    void theChecksOfTheTableAreThoseOfTheRoom() {
        assertThat(
                        Project.rows(Project.text(PAGE), "## What the online checks look at")
                                .stream()
                                .map(List::getFirst))
                .containsExactly(
                        "`check-logical-wal`",
                        "`check-identities`",
                        "`check-replicable`",
                        "`check-paths`");
    }
}
