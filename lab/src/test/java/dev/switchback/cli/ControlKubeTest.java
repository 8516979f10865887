package dev.switchback.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.switchback.cli.Cli.Said;
import dev.switchback.lab.Await;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pause, approval, a planned cutover and the end of the rollback window, one migration through. */
@Timeout(180)
@Tag("boundaries")
class ControlKubeTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void personsDecideWhenAMigrationGoesOnAndWhenItsWayBackEnds() throws Exception {
        try (Bench bench = Bench.quiet()) {
            bench.edit("  jobs: 2", "  jobs: 2\n  approve: true\n  rollback: {window: 36h}");
            for (String command : List.of("pause", "approve")) {
                assertRefused(say(bench, command), command, "SB-514", 7);
            }
            for (String command : List.of("resume", "cutover")) {
                assertRefused(say(bench, command, "--yes"), command, "SB-514", 7);
            }
            assertRefused(say(bench, "cutover", "--at", "midnight"), "a time", "SB-100", 2);

            assertARunUnderWayHeedsAPause(bench);
            Said early = say(bench, "cutover", "--yes");
            assertRefused(early, "an early cutover", "SB-482", 3);
            assertThat(early.err()).contains("switchback migrate --until prepare");

            Said lifted = run(bench, "resume", "--until", "prepare");
            assertThat(lifted.exit()).as(lifted.all()).isZero();
            Said waits = run(bench, "migrate", "--yes", "-o", "json");
            assertRefused(waits, "a migration not approved", "SB-503", 5);
            assertThat(waits.err()).contains("waiting for: switchback approve");
            assertThat(json(waits).path("result").asText()).isEqualTo("waiting");
            assertThat(json(waits).path("liveSide").asText()).isEqualTo("source");
            assertThat(json(waits).path("rollback").path("state").asText()).isEqualTo("free");
            assertThat(json(waits).path("reverseLink").path("state").asText()).isEqualTo("none");

            Said paused = say(bench, "pause", "-o", "json");
            assertThat(paused.exit()).as(paused.all()).isZero();
            assertThat(json(paused).path("paused").asText()).startsWith("by ");
            for (String command : List.of("migrate", "cutover")) {
                Said kept = say(bench, command, "--yes");
                assertRefused(kept, command, "SB-481", 5);
                assertThat(kept.err()).contains("paused by", "switchback resume");
            }

            Said resumed = run(bench, "resume", "--yes");
            assertRefused(resumed, "resumed, and not approved yet", "SB-503", 5);
            Said approved = say(bench, "approve", "-o", "json");
            assertThat(approved.exit()).as(approved.all()).isZero();
            assertThat(json(approved).path("approved").asText()).startsWith("by ");
            assertThat(json(approved).has("paused")).isFalse();

            assertRefused(run(bench, "rollback", "--stay"), "no way back", "SB-482", 3);
            Instant at = Instant.now().plus(Duration.ofSeconds(12));
            Said cutover = run(bench, "cutover", "--at", at.toString(), "--yes", "-o", "json");
            assertThat(cutover.exit()).as(cutover.all()).isZero();
            assertThat(cutover.err()).contains("waiting until " + at);
            assertThat(json(cutover).path("result").asText()).isEqualTo("migrated");
            assertThat(json(cutover).path("writePauseSeconds").asDouble()).isPositive();
            Instant stopped = Instant.parse(startedAt(json(cutover).path("steps"), "stop-writers"));
            assertThat(stopped).isAfterOrEqualTo(at);

            assertRefused(say(bench, "approve"), "approved too late", "SB-482", 3);
            assertRefused(say(bench, "pause"), "paused too late", "SB-482", 3);
            assertThat(run(bench, "rollback", "--stay").exit()).isZero();
            assertTheWindowIsClosed(bench);
        }
    }

    private static void assertARunUnderWayHeedsAPause(Bench bench) throws Exception {
        Cli.Child holder =
                Cli.start(
                        Files.createDirectories(bench.lab.folder().resolve("holder")),
                        Map.of(),
                        bench.line("migrate", "--until", "prepare"));
        Await.until(
                "the run has begun its journal and is paused",
                Duration.ofSeconds(60),
                () -> say(bench, "pause").exit() == 0);
        assertRefused(holder.await(), "the run under way", "SB-481", 5);
    }

    private static void assertTheWindowIsClosed(Bench bench) throws Exception {
        assertRefused(
                say(bench, "close-rollback", "--confirm", "mastodon-postgresql"),
                "no backup of the target is proven",
                "SB-612",
                3);
        Said unasked = say(bench, "close-rollback", "--without-backup");
        assertRefused(unasked, "nobody to ask", "SB-100", 2);
        assertThat(unasked.err()).contains("--confirm mastodon-postgresql");
        assertRefused(
                say(bench, "close-rollback", "--without-backup", "--confirm", "database"),
                "a wrong name",
                "SB-100",
                2);
        Said closed =
                say(
                        bench,
                        "close-rollback",
                        "--without-backup",
                        "--confirm",
                        "mastodon-postgresql",
                        "-o",
                        "json");
        assertThat(closed.exit()).as(closed.all()).isZero();
        JsonNode rollback = json(closed).path("rollback");
        assertThat(rollback.path("state").asText()).isEqualTo("loses-writes");
        assertThat(rollback.path("reason").asText()).contains("the rollback window was closed by");
        assertThat(rollback.path("since").asText())
                .isEqualTo(rollback.path("windowEnds").asText())
                .isNotEmpty();
        Said again = say(bench, "close-rollback", "--without-backup");
        assertThat(again.exit()).as(again.all()).isZero();
        assertThat(again.out()).contains("rollback  loses at least");
        assertRefused(say(bench, "rollback"), "a rollback that loses writes", "SB-521", 3);
        assertThat(say(bench, "logs").out())
                .contains("paused", "pause lifted", "approved", "rollback window closed");
    }

    private static String startedAt(JsonNode steps, String id) {
        for (JsonNode step : steps) {
            if (step.path("id").asText().equals(id)) {
                return step.path("startedAt").asText();
            }
        }
        throw new AssertionError("no step " + id);
    }

    private static void assertRefused(Said said, String as, String code, int exit) {
        assertThat(said.exit()).as(as + "\n" + said.all()).isEqualTo(exit);
        assertThat(said.errors()).as(as).singleElement().asString().contains(code);
    }

    private static JsonNode json(Said said) throws Exception {
        return JSON.readTree(said.out());
    }

    /** What starts no run. */
    private static Said say(Bench bench, String... words) throws Exception {
        return Cli.inProcess(bench.line(words));
    }

    /** In a child, so that a run's shutdown hooks are its own. */
    private static Said run(Bench bench, String... words) throws Exception {
        return Cli.child(Map.of(), bench.line(words));
    }
}
