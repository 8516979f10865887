package dev.switchback.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.switchback.cli.Cli.Said;
import dev.switchback.lab.demo.Lab;
import dev.switchback.spec.DocumentReader;
import dev.switchback.spec.Migration;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What looks and does not touch: before a migration was begun. */
@Timeout(120)
class ReadOnlyCommandsKubeTest {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final ObjectMapper YAML =
            new ObjectMapper(new YAMLFactory())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

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

    @Test
    void initWritesTheGuidesMigrationWhichCheckAccepts() throws Exception {
        Path file = bench.lab.folder().resolve("found.yaml");
        Said init = Cli.child(Map.of(), init(file));
        assertThat(init.exit()).as(init.all()).isEqualTo(0);

        Migration found = DocumentReader.read(file);
        Migration guide = DocumentReader.parse("guide", Lab.DOCUMENT);
        assertThat(found.identity()).isEqualTo(guide.identity());
        assertThat(found.writers()).hasSameElementsAs(guide.writers());
        assertThat(found.endpoints().in()).hasSameElementsAs(guide.endpoints().in());
        assertThat(found.endpoints().ca()).isEqualTo(guide.endpoints().ca());
        assertThat(found.endpoints().map())
                .containsOnlyKeys(guide.endpoints().map().keySet())
                .containsEntry("mastodon-postgresql-pooler", "database-pooler-rw")
                .containsEntry("mastodon-postgresql-repl", "database-pooler-ro")
                .containsEntry("mastodon-postgresql-pooler-repl", "database-pooler-ro");

        bench.document = Files.readString(file);
        Said check = Cli.inProcess(bench.line("check"));
        assertThat(check.exit()).as(check.all()).isEqualTo(0);
        assertThat(check.errors()).isEmpty();
        bench.reset();

        Said again = Cli.inProcess(init(file));
        assertThat(again.exit()).isEqualTo(2);
        assertThat(again.errors()).singleElement().asString().contains(file.toString(), "--force");
        assertThat(Cli.inProcess(init(file, "--force", "--name", "other")).exit()).isEqualTo(0);
        assertThat(DocumentReader.read(file).name()).isEqualTo("other");
        assertThat(bench.lab.kube().writes()).isEmpty();
    }

    @Test
    void initAsksToNameOneOfSeveralClusters() throws Exception {
        GenericKubernetesResource second =
                bench.custom("acid.zalan.do/v1", "postgresql", "mastodon-postgresql").get();
        second.getMetadata().setName("mastodon-old");
        second.getMetadata().setResourceVersion(null);
        second.getMetadata().setUid(null);
        bench.admin().resource(second).create();
        try {
            Path file = bench.lab.folder().resolve("several.yaml");
            Said several = Cli.inProcess(init(file));
            assertThat(several.exit()).isEqualTo(2);
            assertThat(several.errors())
                    .singleElement()
                    .asString()
                    .contains("mastodon-old", "mastodon-postgresql", "--source");
            assertThat(file).doesNotExist();
            Said named = Cli.inProcess(init(file, "--source", "mastodon-postgresql"));
            assertThat(named.exit()).as(named.all()).isEqualTo(0);
            Said wrong = Cli.inProcess(init(file, "--force", "--source", "nowhere"));
            assertThat(wrong.exit()).isEqualTo(7);
        } finally {
            bench.admin().resource(second).delete();
        }
    }

    private static List<String> init(Path file, String... more) {
        List<String> line =
                new java.util.ArrayList<>(
                        List.of(
                                "init",
                                "-f",
                                file.toString(),
                                "--kubeconfig",
                                bench.kubeconfig.toString()));
        line.addAll(List.of(more));
        return line;
    }

    @Test
    void planNamesEveryStepAndEveryValueInEachFormat() throws Exception {
        Said text = Cli.child(Map.of(), bench.line("plan"));
        Said json = Cli.child(Map.of(), bench.line("plan", "-o", "json"));
        Said yaml = Cli.inProcess(bench.line("plan", "-o", "yaml"));
        assertThat(List.of(text.exit(), json.exit(), yaml.exit())).containsOnly(0);
        assertThat(text.err() + json.err() + yaml.err()).isEmpty();

        JsonNode plan = JSON.readTree(json.out());
        JsonNode asYaml = YAML.readTree(yaml.out());
        for (String same : List.of("kind", "hash", "hashSections", "databases", "endpoints")) {
            assertThat(asYaml.path(same)).as(same).isEqualTo(plan.path(same));
        }
        assertThat(asYaml.path("steps")).hasSameSizeAs(plan.path("steps"));
        assertThat(plan.path("strategy").asText()).isEqualTo("offline");
        assertThat(plan.path("steps").findValuesAsText("id"))
                .startsWith("check-access")
                .containsSubsequence(
                        "stop-writers",
                        "fence-source",
                        "copy-tables",
                        "switch-endpoints",
                        "open-target",
                        "start-writers")
                .endsWith("verify-content", "validate-migration")
                .allSatisfy(id -> assertThat(text.out()).contains(id));
        assertThat(plan.path("endpoints").findValuesAsText("key"))
                .contains("DB_HOST", "REPLICA_DB_HOST", "DATABASE_URL", "ca.crt");
        assertThat(text.out())
                .contains(
                        "stop       deployment/mastodon-web",
                        "DB_HOST: mastodon-postgresql-pooler -> database-pooler-rw",
                        "<- commit point");
        assertThat(json.out() + text.out()).doesNotContain("postgresql://", "BEGIN CERTIFICATE");
        assertThat(bench.lab.kube().writes()).isEmpty();
    }

    @Test
    void checkPrintsOneDocumentAndNoColourIntoAPipe() throws Exception {
        Said json = Cli.child(Map.of(), bench.line("check", "-o", "json", "-v"));
        Said text = Cli.inProcess(bench.line("check", "--color", "always"));
        assertThat(json.exit()).as(json.all()).isEqualTo(0);
        JsonNode check = JSON.readTree(json.out());
        assertThat(check.path("verdict").asText()).isEqualTo("pass");
        assertThat(check.path("checks").findValuesAsText("verdict")).isSubsetOf("pass", "warn");
        assertThat(text.out().lines()).hasSizeGreaterThanOrEqualTo(check.path("checks").size());
        assertThat(text.out()).doesNotContain("\u001b");
    }

    @Test
    void whatIsBlockedIsADocumentToo() throws Exception {
        bench.reset();
        bench.edit("- deployment/mastodon-web", "- deployment/mastodon-cron");
        for (String command : List.of("check", "migrate")) {
            Said said = Cli.child(Map.of(), bench.line(words(command)));
            assertThat(said.exit()).as(said.all()).isEqualTo(7);
            JsonNode check = JSON.readTree(said.out());
            assertThat(check.path("kind").asText()).isEqualTo("Check");
            assertThat(check.path("verdict").asText()).isEqualTo("fail");
            // the missing writer first, then what is a consequence: the real one is undeclared
            assertThat(check.path("checks").findValuesAsText("code")).contains("SB-202", "SB-223");
        }
        bench.reset();
    }

    private static String[] words(String command) {
        return command.equals("migrate")
                ? new String[] {"migrate", "--yes", "-o", "json"}
                : new String[] {command, "-o", "json"};
    }

    @ParameterizedTest
    @ValueSource(strings = {"status", "logs", "report", "undo-commands", "rollback", "abort"})
    void whereNoRunWasBegunIsNotFoundOnce(String command) throws Exception {
        Said said = Cli.inProcess(bench.line(command, "-o", "json"));
        assertThat(said.exit()).as(said.all()).isEqualTo(7);
        assertThat(said.out()).isEmpty();
        assertThat(said.err().lines())
                .singleElement()
                .asString()
                .startsWith("error: SB-514 mastodon/switchback-mastodon: ")
                .contains("; remedy: start with 'switchback migrate'");
        assertThat(bench.lab.kube().writes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "init",
                "plan",
                "check",
                "migrate",
                "status",
                "rollback",
                "abort",
                "logs",
                "report",
                "diagnose",
                "undo-commands",
                "version",
                "completion"
            })
    void everyCommandHelps(String command) {
        Said said = Cli.inProcess(List.of(command, "--help"));
        assertThat(said.exit()).isEqualTo(0);
        assertThat(said.out()).startsWith("Usage: switchback " + command).contains("--help");
        assertThat(said.err()).isEmpty();
        assertThat(Cli.inProcess(List.of("--help")).out()).contains("  " + command);
    }

    @Test
    void theRoleIsPrintedForKubectlToApply() throws Exception {
        Said said = Cli.child(Map.of(), List.of("init", "--role"));
        assertThat(said.exit()).isEqualTo(0);
        assertThat(YAML.readTree(said.out()).path("kind").asText()).isEqualTo("Role");
    }

    @Test
    void versionNamesWhatItRunsWith() throws Exception {
        JsonNode version =
                JSON.readTree(Cli.child(Map.of(), List.of("version", "-o", "json")).out());
        assertThat(version.path("java").asText()).startsWith("25");
        assertThat(version.path("clientTools")).isNotEmpty();
        assertThat(version.path("switchback").asText()).isNotEmpty();
    }

    @Test
    void theCompletionScriptIsOneThatBashReads() throws Exception {
        Path script = bench.write("completion.bash", Cli.inProcess(List.of("completion")).out());
        Process bash =
                new ProcessBuilder("bash", "-n", script.toString())
                        .redirectErrorStream(true)
                        .start();
        assertThat(
                        new String(
                                bash.getInputStream().readAllBytes(),
                                java.nio.charset.StandardCharsets.UTF_8))
                .isEmpty();
        assertThat(bash.waitFor()).isEqualTo(0);
        assertThat(Files.readString(script)).contains("undo-commands");
    }
}
