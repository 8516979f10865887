package dev.switchback.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.switchback.cli.Cli.Said;
import dev.switchback.lab.kube.MastodonCluster;
import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a plan predicts, and whether the plan that was agreed to is still the one that would run.
 */
@Timeout(120)
class PlanKubeTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static Bench bench;

    @BeforeAll
    static void start() throws Exception {
        bench = Bench.quiet();
    }

    @BeforeEach
    void reset() {
        bench.reset();
    }

    @AfterAll
    static void stop() {
        bench.close();
    }

    private static JsonNode plan() throws Exception {
        Said said = Cli.inProcess(bench.line("plan", "-o", "json"));
        assertThat(said.exit()).as(said.all()).isZero();
        return JSON.readTree(said.out());
    }

    private static Said agreed(String hash) throws Exception {
        return Cli.inProcess(bench.line("migrate", "--dry-run", "--plan", hash));
    }

    private static void assertRefused(Said said, String section) {
        assertThat(said.exit()).as(said.all()).isEqualTo(3);
        assertThat(said.errors())
                .singleElement()
                .asString()
                .contains("SB-462", "mastodon/mastodon " + section, "switchback plan");
    }

    /** The table is larger than the sample may be: the rest of it is never read. */
    @Test
    void ratesAreMeasuredWhereATableIsLargeEnoughAndNothingIsLeftOnTheTarget() throws Exception {
        bench.onSource(
                "mastodon",
                "CREATE TYPE mood AS ENUM ('fine', 'ill')",
                """
                CREATE TABLE sampled AS
                SELECT g AS id, 'fine'::mood AS mood, repeat(md5(g::text), 40) AS text, now() AS at
                  FROM generate_series(1, 27000) g
                """,
                "ALTER TABLE sampled ADD PRIMARY KEY (id)");
        try {
            SortedMap<String, String> before = bench.fingerprint();
            JsonNode plan = plan();
            assertThat(bench.fingerprint()).isEqualTo(before);
            assertThat(scratchLeft()).isEmpty();

            JsonNode prediction = plan.path("prediction");
            assertThat(prediction.path("basis").asText())
                    .as("%s", prediction)
                    .isEqualTo("measured");
            assertThat(prediction.path("note").asText()).contains("public.sampled");
            for (String rate : List.of("copy", "index", "hash", "connectSeconds")) {
                assertThat(prediction.path("rates").path(rate).asDouble()).as(rate).isPositive();
            }
            assertThat(prediction.path("tableBytes").asLong()).isGreaterThan(32_000_000);
            List<JsonNode> spans = new ArrayList<>();
            plan.path("steps").forEach(s -> spans.add(s.path("prediction")));
            spans.add(prediction.path("downtime"));
            spans.add(prediction.path("total"));
            for (JsonNode span : spans) {
                assertThat(span.path("low").asDouble(-1)).isNotNegative();
                assertThat(span.path("expected").asDouble())
                        .isBetween(span.path("low").asDouble(), span.path("high").asDouble());
            }
        } finally {
            bench.onSource("mastodon", "DROP TABLE sampled", "DROP TYPE mood");
        }
    }

    private static List<String> scratchLeft() throws Exception {
        try (Connection target = bench.lab.target().connect("postgres")) {
            return Sql.list(
                    target,
                    "SELECT relname FROM pg_class WHERE relname LIKE 'switchback%' OR relpersistence = 't'",
                    row -> row.getString(1));
        }
    }

    @Test
    void whereNothingMayBeWrittenOnTheTargetTheRatesAreAssumedAndSaySo() throws Exception {
        bench.onSource(
                "mastodon",
                "CREATE TABLE sampled AS SELECT repeat('x', 900) AS t FROM generate_series(1, 9000)");
        bench.onTarget("postgres", "REVOKE TEMPORARY ON DATABASE postgres FROM PUBLIC");
        try {
            JsonNode prediction = plan().path("prediction");
            assertThat(prediction.path("basis").asText()).isEqualTo("assumed");
            assertThat(prediction.path("note").asText()).contains("permission denied");
            Said text = Cli.inProcess(bench.line("plan"));
            assertThat(text.out()).contains("rates assumed, not measured: ", "permission denied");
        } finally {
            bench.onTarget("postgres", "GRANT TEMPORARY ON DATABASE postgres TO PUBLIC");
            bench.onSource("mastodon", "DROP TABLE sampled");
        }
    }

    @Test
    void theGuidesTablesStandBesideThePrediction() throws Exception {
        Said said = Cli.inProcess(bench.line("plan"));
        assertThat(said.out())
                .contains(
                        "Application Scale Down   1-2 minutes",
                        "Final Backup Creation    2-5 minutes",
                        "Data Restoration         3-10 minutes",
                        "Basic Validation         30 seconds",
                        "Application Scale Up     1-2 minutes",
                        "Total Downtime           7-20 minutes",
                        "Database Size < 1GB      5-8 minutes",
                        "hash       v1-");
    }

    @Test
    void anUnchangedPlanIsAcceptedAndSizesDoNotCount() throws Exception {
        String hash = plan().path("hash").asText();
        bench.onSource("mastodon", "VACUUM", "ANALYZE");
        Said said = agreed(hash);
        assertThat(said.exit()).as(said.all()).isZero();
    }

    @Test
    void aNewTableAndADroppedIndexAreTheSchemas() throws Exception {
        String hash = plan().path("hash").asText();
        bench.onSource("mastodon", "CREATE TABLE drifted (id int)");
        try {
            assertRefused(agreed(hash), "schema");
        } finally {
            bench.onSource("mastodon", "DROP TABLE drifted");
        }
        assertThat(agreed(hash).exit()).isZero();
    }

    @Test
    void aChangedReplicaCountIsTheWritersAndTheNewOneIsTold() throws Exception {
        String hash = plan().path("hash").asText();
        scaleWeb(7);
        try {
            Said said = agreed(hash);
            assertRefused(said, "writers");
            assertThat(said.err()).contains("deployment/mastodon-web=7");
        } finally {
            scaleWeb(0);
        }
    }

    private static void scaleWeb(int replicas) {
        bench.admin()
                .apps()
                .deployments()
                .inNamespace(MastodonCluster.NAMESPACE)
                .withName("mastodon-web")
                .scale(replicas);
    }

    @Test
    void aNewValueThatNamesTheSourceIsTheEndpoints() throws Exception {
        String hash = plan().path("hash").asText();
        var map =
                bench.admin()
                        .configMaps()
                        .inNamespace(MastodonCluster.NAMESPACE)
                        .withName("mastodon-database");
        map.edit(m -> {
            m.getData().put("REPORTS_HOST", "mastodon-postgresql-repl");
            return m;
        });
        try {
            assertRefused(agreed(hash), "endpoints");
        } finally {
            map.edit(m -> {
                m.getData().remove("REPORTS_HOST");
                return m;
            });
        }
    }

    @Test
    void anotherDocumentIsTheDocument() throws Exception {
        String hash = plan().path("hash").asText();
        bench.edit("jobs: 2", "jobs: 3");
        assertRefused(agreed(hash), "document");
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "v1-0123456789ab", "v9-0123456789ab-00"})
    void nonsenseIsAUsageErrorBeforeAnythingIsRead(String hash) throws Exception {
        Said said = agreed(hash);
        assertThat(said.exit()).as(said.all()).isEqualTo(2);
        assertThat(said.errors()).singleElement().asString().contains("SB-100 --plan");
        assertThat(bench.lab.kube().writes()).isEmpty();
    }

    @Test
    void aWindowThatThePredictionDoesNotFitBlocksUnlessTheDocumentAcceptsIt() throws Exception {
        // the lab's logical backup is due at 00:30, whenever this runs
        String backup = "{code: SB-228, reason: runs at any hour}";
        String document = bench.document + "  window: {utc: \"00:00-00:00\", maxLength: 1s}\n";
        bench.document = document + "  overrides: [" + backup + "]\n";
        Said check = Cli.inProcess(bench.line("check"));
        assertThat(check.exit()).as(check.all()).isEqualTo(3);
        assertThat(check.errors()).singleElement().asString().contains("SB-460 spec.window");
        assertThat(Cli.inProcess(bench.line("plan")).out()).contains("DOES NOT FIT");

        bench.document =
                document
                        + "  overrides: [{code: SB-460, reason: announced as open end}, "
                        + backup
                        + "]\n";
        Said accepted = Cli.inProcess(bench.line("check"));
        assertThat(accepted.exit()).as(accepted.all()).isZero();
        assertThat(accepted.out()).contains("announced as open end");
    }
}
