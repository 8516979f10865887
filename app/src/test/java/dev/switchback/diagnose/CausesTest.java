package dev.switchback.diagnose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.diagnose.Cause.Because;
import dev.switchback.engine.Facts;
import dev.switchback.engine.JournalState;
import dev.switchback.engine.JournalState.Status;
import dev.switchback.engine.JournalState.StepRecord;
import dev.switchback.engine.JournalState.StepState;
import dev.switchback.pg.Sql;
import dev.switchback.spec.DocumentReader;
import dev.switchback.spec.Migration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every cause of the table is found in the facts that tell of it ({@code facts.txt}), and in no
 * others but where one thing has two effects. That the looks see these facts in a world is proved
 * in the lab.
 */
class CausesTest {
    private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
    private static final Instant SWITCHED = Instant.parse("2026-11-20T09:00:00Z");

    private static final Migration MIGRATION =
            DocumentReader.parse(
                    "shop",
                    """
                    apiVersion: switchback.dev/v1alpha1
                    kind: Migration
                    metadata: {name: shop, namespace: shop}
                    spec:
                      strategy: offline
                      source: {zalando: {cluster: old}}
                      target: {cnpg: {cluster: new}}
                      databases: [shop]
                      writers: [deployment/web]
                      endpoints:
                        map: {old: new-rw}
                        in: [{configMap: shop}]
                        ca: {secret: old-ca, with: new-ca}
                    """);

    /**
     * @param switched whether the target serves
     */
    record Row(String cause, boolean switched, Seen seen) {
        static Row of(String line) {
            String[] cells = line.split(" \\| ", -1);
            Map<String, String> values = new LinkedHashMap<>();
            for (String pair : cells[4].split("; ")) {
                int equals = pair.indexOf('=');
                values.put(pair.substring(0, equals), pair.substring(equals + 1));
            }
            Topic topic = Topic.valueOf(cells[2]);
            if (topic == Topic.LOG) {
                values.put(
                        "kind", LogLook.complaint(values.getOrDefault("last", "")).orElseThrow());
            }
            return new Row(cells[0], cells[1].equals("after"), new Seen(topic, cells[3], values));
        }

        @Override
        public String toString() {
            return cause;
        }
    }

    private static List<Row> all() {
        return Sql.resource(CausesTest.class, "facts.txt")
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(Row::of)
                .toList();
    }

    static List<Row> rows() {
        return all().stream().filter(r -> !r.cause().equals("healthy")).toList();
    }

    private static List<Seen> healthy() {
        return all().stream().filter(r -> r.cause().equals("healthy")).map(Row::seen).toList();
    }

    private static Evidence evidence(boolean switched) {
        JournalState state =
                new JournalState(
                        JournalState.API_VERSION,
                        MIGRATION.identity(),
                        "uid",
                        "offline",
                        1,
                        null,
                        1,
                        switched ? Status.COMPLETED : Status.RUNNING,
                        List.of(done("enable-target-superuser"), done("switch-endpoints")),
                        null,
                        List.of());
        return new Evidence(new Situation(MIGRATION, Optional.of(state), NOW), new Redactor());
    }

    private static StepRecord done(String id) {
        return new StepRecord(
                id, StepState.DONE, 1, false, Facts.NONE, Facts.NONE, SWITCHED, SWITCHED, 0.0);
    }

    private static void put(Evidence evidence, Seen seen) {
        List<String> values = new ArrayList<>();
        seen.values().forEach((name, value) -> values.addAll(List.of(name, value)));
        evidence.saw(seen.topic(), seen.object(), values.toArray(String[]::new));
    }

    private static Map<String, List<Because>> causes(Evidence evidence) {
        Map<String, List<Because>> found = new LinkedHashMap<>();
        Causes.in(evidence, EnumSet.allOf(Symptom.class))
                .forEach(f -> found.put(f.cause().id(), f.because()));
        return found;
    }

    @Test
    void everyCauseHasItsFactsAndIdsAreUnique() {
        assertThat(Causes.ALL).extracting(Cause::id).doesNotHaveDuplicates();
        assertThat(rows())
                .extracting(Row::cause)
                .containsExactlyInAnyOrderElementsOf(Causes.ALL.stream().map(Cause::id).toList());
    }

    @Test
    void aHealthyWorldHasNoCause() {
        for (boolean switched : List.of(false, true)) {
            Evidence evidence = evidence(switched);
            healthy().forEach(seen -> put(evidence, seen));
            assertThat(causes(evidence)).isEmpty();
        }
    }

    /** What else a row tells of: one thing may have two effects. */
    private static final Map<String, List<String>> ALSO =
            Map.of("target-down", List.of("target-unreachable"));

    @ParameterizedTest
    @MethodSource("rows")
    void aCauseIsFoundInItsFactsWithACommandAndNoOtherIs(Row row) {
        Evidence evidence = evidence(row.switched());
        healthy().stream()
                .filter(s ->
                        s.topic() != row.seen().topic() || !s.object().equals(row.seen().object()))
                .forEach(s -> put(evidence, s));
        put(evidence, row.seen());
        List<String> expected = new ArrayList<>(ALSO.getOrDefault(row.cause(), List.of()));
        expected.add(row.cause());
        Map<String, List<Because>> found = causes(evidence);
        assertThat(found.keySet()).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(found.getOrDefault(row.cause(), List.of()))
                .allSatisfy(b -> assertThat(b.object()).isNotBlank())
                .allSatisfy(b -> assertThat(b.seen()).isNotBlank())
                .allSatisfy(b -> assertThat(b.command()).isNotBlank());
    }
}
