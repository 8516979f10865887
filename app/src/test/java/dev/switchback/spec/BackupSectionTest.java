package dev.switchback.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackupSectionTest {
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
              endpoints: {map: {a: b}, in: [{configMap: c}]}
            """;

    private static Migration read(String backup) {
        return DocumentReader.parse("m.yaml", DOCUMENT + "  backup: " + backup + "\n");
    }

    @Test
    void aDumpIntoABucketIsRead() {
        Backup backup =
                read("{at: fence, mode: dump, keyTables: [accounts], minSize: 100Mi, maxRate: 20M, to: {s3: {bucket: b,"
                                + " prefix: /x/y/, secret: s, endpoint: 'http://s3:9000', region: eu}}}")
                        .backup()
                        .orElseThrow();

        assertThat(backup.dumpsAt(Backup.At.FENCE)).isTrue();
        assertThat(backup.dumpsAt(Backup.At.PREPARE)).isFalse();
        assertThat(backup.minSize()).isEqualTo(100L << 20);
        assertThat(backup.maxRate()).contains(20_000_000L);
        assertThat(backup.maxAge()).isEqualTo(Duration.ofHours(24));
        assertThat(backup.keyTables()).containsExactly("accounts");
        assertThat(backup.to())
                .get()
                .isInstanceOfSatisfying(
                        Backup.Bucket.class,
                        b -> {
                            assertThat(b.prefix()).isEqualTo("x/y");
                            assertThat(b.endpoint()).hasToString("Optional[http://s3:9000]");
                            assertThat(b.region()).isEqualTo("eu");
                        });
    }

    @Test
    void modesWithoutADumpNeedNoDestination() {
        assertThat(read("{mode: none}").backup().orElseThrow().to()).isEmpty();
        assertThat(read("{mode: existing, maxAge: 2h}").backup().orElseThrow().maxAge())
                .isEqualTo(Duration.ofHours(2));
        assertThat(DocumentReader.parse("m.yaml", DOCUMENT).backup()).isEmpty();
    }

    @Test
    void everythingWrongIsToldAtOnce() {
        assertThat(problems("{mode: dump}")).singleElement().asString().contains("backup.to");
        assertThat(problems("{mode: dump, to: {}}"))
                .singleElement()
                .asString()
                .contains("exactly one");
        assertThat(problems("{mode: dump, to: {path: x}}"))
                .singleElement()
                .asString()
                .contains("absolute");
        assertThat(problems("{mode: later, at: now, minSize: big, maxRate: 0, to: {s3: {}}}"))
                .extracting(Problem::object)
                .containsExactlyInAnyOrder(
                        "m.yaml spec.backup.mode",
                        "m.yaml spec.backup.at",
                        "m.yaml spec.backup.minSize",
                        "m.yaml spec.backup.maxRate",
                        "m.yaml spec.backup.to.s3.bucket",
                        "m.yaml spec.backup.to.s3.secret");
    }

    @ParameterizedTest
    @CsvSource({"7, 7", "1Ki, 1024", "2k, 2000", "3Gi, 3221225472", "1T, 1000000000000"})
    void sizesAreReadAsKubernetesWritesThem(String text, long bytes) {
        assertThat(Quantity.parse(text)).contains(bytes);
    }

    @Test
    void whatIsNoSizeIsNone() {
        for (String text : List.of("", "1.5Gi", "-1", "9999999999999Ti", "10 Mi")) {
            assertThat(Quantity.parse(text)).as(text).isEmpty();
        }
    }

    private static List<Problem> problems(String backup) {
        List<Problem> problems = new java.util.ArrayList<>();
        assertThatThrownBy(() -> read(backup))
                .isInstanceOfSatisfying(
                        SwitchbackException.class, e -> problems.addAll(e.problems()));
        return problems;
    }
}
