package dev.switchback.lab.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.switchback.lab.LabMain;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The demo as a person runs it, in this process, on a tiny database. */
class DemoKubeTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Ended(int exit, String out, String err) {
        JsonNode document() throws Exception {
            return JSON.readTree(out);
        }
    }

    private static Ended demo(String... arguments) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream stdout = new ByteArrayOutputStream();
        ByteArrayOutputStream stderr = new ByteArrayOutputStream();
        System.setOut(new PrintStream(stdout, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(stderr, true, StandardCharsets.UTF_8));
        try {
            int exit =
                    LabMain.commandLine()
                            .execute(
                                    Stream.concat(Stream.of("demo"), Stream.of(arguments))
                                            .toArray(String[]::new));
            return new Ended(
                    exit,
                    stdout.toString(StandardCharsets.UTF_8),
                    stderr.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    private static void assertOrdered(JsonNode span) {
        double low = span.path("low").asDouble(-1);
        double expected = span.path("expected").asDouble(-1);
        assertThat(low).as("%s", span).isNotNegative().isLessThanOrEqualTo(expected);
        assertThat(expected).isLessThanOrEqualTo(span.path("high").asDouble());
    }

    @ParameterizedTest
    @CsvSource({"lost, lostWrites", "double, duplicateWrites"})
    void plantedDamageFailsTheDemoAndIsNamed(String plant, String field) throws Exception {
        Ended ended = demo("--scale", "0.01", "-o", "json", "--plant", plant);
        assertThat(ended.exit()).as(ended.err()).isEqualTo(4);
        assertThat(ended.err()).contains("VIOLATION: the ledger is not clean");
        assertThat(ended.document().path(field).asInt()).isEqualTo(1);
        assertThat(ended.document().path("result").asText()).isEqualTo("migrated");
    }

    @Test
    void aFailureBeforeTheCommitPointEndsOnTheSourceAndSaysSo() throws Exception {
        Ended ended =
                demo(
                        "--strategy",
                        "offline",
                        "--fail-at",
                        "copy-tables",
                        "--scale",
                        "0.01",
                        "-o",
                        "json");
        assertThat(ended.exit()).as(ended.err()).isEqualTo(1);
        JsonNode document = ended.document();
        assertThat(document.path("result").asText()).isEqualTo("rolledBack");
        assertThat(document.path("liveSide").asText()).isEqualTo("source");
        assertThat(document.path("lostWrites").asInt(-1)).isZero();
        assertThat(document.path("duplicateWrites").asInt(-1)).isZero();
        assertThat(document.path("problems").toString()).contains("copy-tables");
    }

    @Test
    void theDocumentHasEveryFigureThatScriptsRead() throws Exception {
        Ended ended = demo("--strategy", "offline", "--scale", "0.01", "-o", "json");
        assertThat(ended.exit()).as(ended.err()).isZero();
        JsonNode document = ended.document();
        assertThat(document.path("strategy").asText()).isEqualTo("offline");
        assertThat(document.path("result").asText()).isEqualTo("migrated");
        assertThat(document.path("liveSide").asText()).isEqualTo("target");
        assertThat(document.path("sourceVersion").asText()).matches("\\d+\\.\\d+");
        assertThat(document.path("targetVersion").asText()).matches("\\d+\\.\\d+");
        assertThat(document.path("downtimeSeconds").asDouble()).isPositive();
        assertThat(document.path("writePauseSeconds").asDouble()).isPositive();
        assertThat(document.path("acknowledgedWrites").asLong()).isPositive();
        assertThat(document.path("lostWrites").asInt(-1)).isZero();
        assertThat(document.path("duplicateWrites").asInt(-1)).isZero();
        assertThat(document.path("unknownWrites").isInt()).isTrue();
        assertThat(document.path("tablesVerified").asInt()).isGreaterThan(20);
        assertThat(document.path("mismatches").asInt(-1)).isZero();
        assertThat(document.path("writersRestored")).hasSize(5);
        assertThat(document.path("steps")).isNotEmpty();
        for (JsonNode step : document.path("steps")) {
            assertThat(step.path("id").asText()).isNotEmpty();
            assertThat(step.path("phase").asText()).isIn("check", "prepare", "cutover", "settle");
            assertThat(step.path("seconds").isNumber()).as("%s", step).isTrue();
            assertThat(step.path("inDowntime").isBoolean()).isTrue();
            assertOrdered(step.path("predicted"));
        }
        assertOrdered(document.path("prediction").path("downtime"));
        assertThat(document.path("prediction").path("basis").asText()).isIn("measured", "assumed");
        JsonNode guide = document.path("guide");
        assertThat(guide.path("bySize").path("size").asText()).isEqualTo("< 1GB");
        assertThat(guide.path("breakdown")).hasSize(5);
        for (JsonNode phase : guide.path("breakdown")) {
            assertThat(phase.path("seconds").isNumber())
                    .as("%s", phase)
                    .isEqualTo(!phase.path("steps").isEmpty());
        }
        assertThat(document.path("endpointsSwitched")).isNotEmpty();
        for (JsonNode endpoint : document.path("endpointsSwitched")) {
            for (String field :
                    new String[] {"kind", "namespace", "name", "key", "before", "after"}) {
                assertThat(endpoint.has(field)).as("%s of %s", field, endpoint).isTrue();
            }
            assertThat(endpoint.path("before")).isNotEqualTo(endpoint.path("after"));
        }
    }
}
