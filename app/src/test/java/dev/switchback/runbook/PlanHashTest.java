package dev.switchback.runbook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.spec.DocumentReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlanHashTest {
    private static final String DOCUMENT =
            """
            apiVersion: switchback.dev/v1alpha1
            kind: Migration
            metadata: {name: m, namespace: n}
            spec:
              strategy: offline
              source: {zalando: {cluster: a}}
              target: {cnpg: {cluster: b}}
              writers: [deployment/web]
              endpoints:
                map: {old-one: new-one, old-two: new-two, old-three: new-three}
                in:
                  - {configMap: settings, keys: [DB_HOST]}
            """;

    private static Map<String, String> contents() {
        Map<String, String> contents = new LinkedHashMap<>();
        PlanHash.SECTIONS.forEach(s -> contents.put(s, "what " + s + " says"));
        return contents;
    }

    @Test
    void theTextGivesTheSameHashBack() {
        PlanHash hash = PlanHash.of(contents());
        assertThat(PlanHash.parse(" " + hash + "\n")).isEqualTo(hash);
        assertThat(hash.differences(PlanHash.of(contents()))).isEmpty();
        assertThat(hash.toString()).matches("v1-[0-9a-f]{12}-[0-9a-f]{32}");
    }

    @Test
    void eachSectionThatChangedIsNamedAndNoOther() {
        PlanHash agreed = PlanHash.of(contents());
        for (String section : PlanHash.SECTIONS) {
            Map<String, String> changed = contents();
            changed.put(section, "something else");
            assertThat(agreed.differences(PlanHash.of(changed))).containsExactly(section);
        }
    }

    @Test
    void aChangeWhoseShortDigitsCollideIsStillNoticed() {
        PlanHash agreed = PlanHash.of(contents());
        PlanHash collided = new PlanHash("000000000000", agreed.sections());
        assertThat(agreed.differences(collided)).containsExactly("plan");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "abc",
                "v1-123",
                "v2-0123456789ab-0123456789abcdef0123456789abcdef",
                "v1-0123456789ab-0123456789abcdef0123456789abcde",
                "v1-0123456789ab-0123456789abcdef0123456789abcdeg"
            })
    void nonsenseIsAUsageError(String text) {
        assertThatThrownBy(() -> PlanHash.parse(text))
                .isInstanceOfSatisfying(
                        SwitchbackException.class, e -> assertThat(e.code()).isEqualTo(Code.USAGE));
    }

    @Test
    void aDocumentIsTheSameWhateverItsOrderAndAnotherWithAnyFieldChanged() {
        String same = document(DOCUMENT);
        assertThat(document(DOCUMENT)).isEqualTo(same);
        assertThat(
                        document(
                                DOCUMENT.replace(
                                        "old-one: new-one, old-two: new-two",
                                        "old-two: new-two, old-one: new-one")))
                .isEqualTo(same);
        for (List<String> change :
                List.of(
                        List.of("keys: [DB_HOST]", "keys: [DB_HOST, OTHER]"),
                        List.of("old-three: new-three", "old-three: new-four"),
                        List.of("namespace: n", "namespace: nn"),
                        List.of("deployment/web", "deployment/web, deployment/worker"))) {
            assertThat(DOCUMENT).contains(change.getFirst());
            assertThat(document(DOCUMENT.replace(change.getFirst(), change.getLast())))
                    .isNotEqualTo(same);
        }
        assertThat(document(DOCUMENT + "  jobs: 3\n")).isNotEqualTo(same);
    }

    private static String document(String text) {
        return Canonical.text(DocumentReader.parse("doc", text));
    }
}
