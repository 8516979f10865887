package dev.switchback.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.spec.DocumentReader;
import dev.switchback.spec.Migration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The reader tells which fields it knows when it meets one it does not: so every mapping of the
 * example gets an unknown field, and what the reader then lists must be what the page lists.
 */
class DocumentDocTest {
    private static final String DOCUMENT = Project.text("docs/document.md");
    private static final String EXAMPLE = example();

    /** The example with an unknown field in every mapping that has a fixed set of fields. */
    private static final String WITH_UNKNOWN_FIELDS =
            """
            apiVersion: switchback.dev/v1alpha1
            kind: Migration
            unknown: 1
            metadata: {name: mastodon, namespace: mastodon, unknown: 1}
            spec:
              unknown: 1
              strategy: offline
              source: {unknown: 1, zalando: {cluster: a, unknown: 1}}
              target: {unknown: 1, cnpg: {cluster: b, unknown: 1}}
              writers: [deployment/web]
              endpoints:
                unknown: 1
                map: {a: b}
                in: [{configMap: c, unknown: 1}]
                ca: {secret: s, with: t, unknown: 1}
              budgets: {unknown: 1}
              backup: {unknown: 1, to: {unknown: 1, s3: {unknown: 1}}}
              validate: {unknown: 1, queries: [{sql: a, expect: 1, unknown: 1}]}
              probes: {unknown: 1, http: [{url: "http://a", unknown: 1}]}
              window: {utc: "00:00-01:00", unknown: 1}
              overrides: [{code: SB-316, reason: a, unknown: 1}]
              announce:
                unknown: 1
                to:
                  - {unknown: 1, slack: {unknown: 1, url: {unknown: 1}}}
                  - {unknown: 1, webhook: {unknown: 1, url: {unknown: 1}}}
              hooks: [{at: on-abort, unknown: 1, http: {unknown: 1, url: {unknown: 1}}}]
              rollback: {unknown: 1}
              cleanup: {unknown: 1, operator: {unknown: 1}}
              online: {unknown: 1}
              settle: {unknown: 1, alerts: {unknown: 1}}
            """;

    private static final Pattern KNOWN = Pattern.compile("known here: (.+)$");

    @Test
    void theExampleIsRead() {
        Migration migration = DocumentReader.parse("docs/document.md", EXAMPLE);

        assertThat(migration.writers()).hasSize(5);
        assertThat(migration.endpoints().ca()).isPresent();
    }

    @Test
    void everyFieldThatTheReaderKnowsIsOnThePageAndNoOther() {
        Set<String> known = new TreeSet<>();
        for (Problem problem : problems(WITH_UNKNOWN_FIELDS)) {
            Matcher fields = KNOWN.matcher(problem.remedy());
            String path = problem.object().replace("doc ", "").replaceAll("\\[[0-9]]", "[]");
            if (fields.find() && path.endsWith("unknown")) {
                for (String field : fields.group(1).split(", ")) {
                    known.add(path.replace("unknown", field));
                }
            }
        }
        Set<String> leaves = new TreeSet<>(known);
        // a list of mappings has a row of its own, a mapping has not
        leaves.removeIf(parent -> known.stream().anyMatch(k -> k.startsWith(parent + ".")));
        List<String> page = new ArrayList<>(names("## Fields"));
        assertThat(page).containsExactlyInAnyOrderElementsOf(leaves);
    }

    @Test
    void everyFieldOfThePageIsInTheExample() {
        assertThat(names("## Fields"))
                .allSatisfy(field ->
                        assertThat(EXAMPLE)
                                .contains(field.substring(field.lastIndexOf('.') + 1) + ":"));
    }

    @Test
    void otherStrategiesAreRefusedByTheSameCode() {
        assertThatThrownBy(() ->
                        DocumentReader.parse(
                                "doc", EXAMPLE.replace("strategy: offline", "strategy: physical")))
                .isInstanceOfSatisfying(
                        SwitchbackException.class,
                        e -> assertThat(e.code()).isEqualTo(Code.NOT_SUPPORTED_YET));
    }

    private static List<Problem> problems(String document) {
        try {
            DocumentReader.parse("doc", document);
            return List.of();
        } catch (SwitchbackException e) {
            return e.problems();
        }
    }

    private static List<String> names(String heading) {
        return Project.rows(DOCUMENT, heading).stream()
                .map(row -> row.getFirst().replace("`", ""))
                .toList();
    }

    private static String example() {
        int start = DOCUMENT.indexOf("```yaml\n") + "```yaml\n".length();
        return DOCUMENT.substring(start, DOCUMENT.indexOf("```", start));
    }
}
