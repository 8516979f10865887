package dev.switchback.lab.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.switchback.lab.LabMain;
import dev.switchback.lab.traffic.LedgerEvent;
import dev.switchback.lab.traffic.Pace;
import dev.switchback.runbook.SharedTemplate;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The demo as a person runs it, in this process, on a tiny database. */
@Tag("boundaries")
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

    @Test
    void aPlantedLossFailsTheDemoAndIsNamed() throws Exception {
        Path page = Files.createTempFile("demo", ".html");
        Ended ended =
                demo(
                        "--scale",
                        "0.01",
                        "-o",
                        "json",
                        "--plant",
                        "lost",
                        "--report",
                        page.toString());
        assertThat(ended.exit()).as(ended.err()).isEqualTo(4);
        assertThat(ended.err()).contains("VIOLATION: the ledger is not clean");
        assertThat(ended.document().path("lostWrites").asInt()).isEqualTo(1);
        assertThat(ended.document().path("result").asText()).isEqualTo("migrated");
        // the program's own page, of its journal: it knows nothing of what was planted
        assertThat(Files.readString(page)).startsWith("<!DOCTYPE html>").contains("Migrated.");
        Files.delete(page);
    }

    /** The demo's run without its command line, which the other tests know: no servers to fill. */
    private static DemoRun.Outcome run(@Nullable String failAt, DemoRun.@Nullable Plant plant)
            throws Exception {
        try (Lab lab = Lab.start(SharedTemplate.get(), Pace.DEFAULT)) {
            return new DemoRun(lab, Script.migration(Strategy.OFFLINE), false)
                    .run(
                            Duration.ofSeconds(1),
                            Duration.ofSeconds(1),
                            Optional.ofNullable(failAt),
                            Optional.ofNullable(plant));
        }
    }

    @Test
    void aPlantedDoubleFailsTheDemoAndIsNamed() throws Exception {
        DemoRun.Outcome ended = run(null, DemoRun.Plant.DOUBLE);
        assertThat(ended.violations()).asString().contains("the ledger is not clean");
        assertThat(ended.document().path("duplicateWrites").asInt()).isEqualTo(1);
        assertThat(ended.document().path("result").asText()).isEqualTo("migrated");
    }

    @Test
    void aFailureBeforeTheCommitPointEndsOnTheSourceAndSaysSo() throws Exception {
        DemoRun.Outcome ended = run("copy-tables", null);
        assertThat(ended.exit()).isEqualTo(1);
        assertThat(ended.violations()).isEmpty();
        JsonNode document = ended.document();
        assertThat(document.path("result").asText()).isEqualTo("rolledBack");
        assertThat(document.path("liveSide").asText()).isEqualTo("source");
        assertThat(document.path("lostWrites").asInt(-1)).isZero();
        assertThat(document.path("duplicateWrites").asInt(-1)).isZero();
        assertThat(document.path("problems").toString()).contains("copy-tables");
    }

    @Test
    void aDefectNobodyKnowsIsAUsageErrorBeforeAnythingIsStarted() {
        Ended ended = demo("--break", "nonsense");
        assertThat(ended.exit()).as(ended.err()).isEqualTo(2);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err().lines())
                .singleElement()
                .asString()
                .startsWith("error: SB-100 demo --break: ")
                .contains("nonsense", "; remedy: name one of: ");
    }

    @Test
    void externalClientsAreNeverStoppedAndFollowTheEndpoint() throws Exception {
        try (Lab lab =
                Lab.start(
                        SharedTemplate.get(),
                        Strategy.ONLINE.pace(),
                        Applications.Writing.EXTERNAL)) {
            Instant start = lab.ledger().now();
            assertThat(lab.applications().awaitServing(lab.pods(), Duration.ofSeconds(20)))
                    .isTrue();
            DemoRun.Outcome ended =
                    new DemoRun(lab, Script.migration(Strategy.OFFLINE), false)
                            .run(
                                    Duration.ofMillis(300),
                                    Duration.ofMillis(300),
                                    Optional.empty(),
                                    Optional.empty());
            assertThat(ended.violations()).isEmpty();
            assertThat(ended.document().path("liveSide").asText()).isEqualTo("target");
            assertThat(ended.document().path("writePauseSeconds").asDouble()).isPositive();
            assertThat(lab.ledger().longestPause(start, lab.ledger().now())).isPresent();
            // each started once, refused by the fence, and served again by the target
            List<LedgerEvent> events = lab.ledger().events();
            assertThat(count(events, LedgerEvent.Kind.POD_STARTED)).isEqualTo(lab.pods());
            assertThat(count(events, LedgerEvent.Kind.POD_REFUSED))
                    .isGreaterThanOrEqualTo(lab.pods());
            assertThat(events.stream().map(LedgerEvent::detail))
                    .contains("mastodon-postgresql-pooler", "database-pooler-rw");
        }
    }

    private static long count(List<LedgerEvent> events, LedgerEvent.Kind kind) {
        return events.stream().filter(e -> e.kind() == kind).count();
    }

    @Test
    void theOnlineDemosTrafficChangesHundredsOfRowsASecond() throws Exception {
        try (Lab lab = Lab.start(SharedTemplate.get(), Strategy.ONLINE.pace())) {
            assertThat(lab.applications().awaitServing(lab.pods(), Duration.ofSeconds(20)))
                    .isTrue();
            long before = lab.ledger().acknowledgedRows();
            TimeUnit.SECONDS.sleep(2);
            long rows = lab.ledger().acknowledgedRows() - before;
            assertThat(rows / 2).isGreaterThan(200);
        }
    }

    @Test
    void whatCannotFollowIsAUsageErrorBeforeAnythingIsStarted() {
        for (String then : List.of("migrate", "rollback,rollback", "rollback,cleanup")) {
            Ended ended = demo("--then", then);
            assertThat(ended.exit()).as(ended.err()).isEqualTo(2);
            assertThat(ended.err()).startsWith("error: SB-100 demo --then: ");
        }
        assertThat(Script.commands(List.of("rollback", "migrate")))
                .containsExactly(Script.Command.ROLLBACK, Script.Command.MIGRATE);
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
        assertThat(document.path("runs")).hasSize(1);
        for (String figure : List.of("command", "result", "downtimeSeconds", "writePauseSeconds")) {
            assertThat(document.path("runs").path(0).has(figure)).as(figure).isTrue();
        }
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
