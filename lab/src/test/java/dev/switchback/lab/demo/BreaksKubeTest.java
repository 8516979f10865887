package dev.switchback.lab.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.switchback.lab.LabMain;
import dev.switchback.runbook.SharedTemplate;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each planted defect stops the real {@code migrate} at its own check, with a remedy, and nothing
 * is changed.
 */
class BreaksKubeTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Several checks meet this one; the others are in the slow profile. */
    @Test
    void aDefectStopsTheMigrationWhereItMustBeFoundAndIsToldOnce() throws Exception {
        assertThat(stops("pooler-missing").narrative().lines())
                .filteredOn(line -> line.startsWith("error: "))
                .singleElement()
                .asString()
                .startsWith("error: SB-212 mastodon/database-pooler-rw: ");
    }

    @Tag("boundaries")
    @ParameterizedTest
    @MethodSource("names")
    void everyDefectStopsTheMigrationWhereItMustBeFound(String name) throws Exception {
        stops(name);
    }

    static List<String> names() {
        return Break.all().stream().map(Break::name).toList();
    }

    private static BreakRun.Verdict stops(String name) throws Exception {
        Break planted =
                Break.all().stream().filter(b -> b.name().equals(name)).findFirst().orElseThrow();
        BreakRun.Verdict verdict = new BreakRun(SharedTemplate.get()).of(planted);
        JsonNode document = verdict.document();
        assertThat(document.path("violations")).as("%s", document.toPrettyString()).isEmpty();
        assertThat(verdict.exit()).isEqualTo(3);
        assertThat(document.path("result").asText()).isEqualTo("blocked");
        JsonNode finding = document.path("finding");
        assertThat(finding.path("check").asText()).isEqualTo(planted.check());
        assertThat(finding.path("code").asText()).isEqualTo(planted.code());
        assertThat(finding.path("remedy").asText()).isNotBlank();
        assertThat(verdict.narrative()).contains(planted.code());
        return verdict;
    }

    @Test
    void theListNamesEveryDefectWithTheCheckAndTheCodeThatFindIt() throws Exception {
        PrintStream out = System.out;
        ByteArrayOutputStream stdout = new ByteArrayOutputStream();
        System.setOut(new PrintStream(stdout, true, StandardCharsets.UTF_8));
        try {
            int exit =
                    LabMain.commandLine()
                            .execute(
                                    Stream.of("demo", "--break", "list", "-o", "json")
                                            .toArray(String[]::new));
            assertThat(exit).isZero();
        } finally {
            System.setOut(out);
        }
        JsonNode breaks = JSON.readTree(stdout.toString(StandardCharsets.UTF_8)).path("breaks");
        assertThat(breaks).hasSizeGreaterThanOrEqualTo(12);
        assertThat(breaks.findValuesAsText("name")).doesNotHaveDuplicates();
        for (JsonNode entry : breaks) {
            assertThat(entry.properties().stream().map(e -> e.getKey()))
                    .containsExactly("name", "what", "check", "code");
            assertThat(entry.path("what").asText()).isNotBlank();
            assertThat(entry.path("check").asText()).startsWith("check-");
            assertThat(entry.path("code").asText()).matches("SB-[0-9]{3}");
        }
    }
}
