package dev.switchback.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.switchback.cli.Cli.Said;
import dev.switchback.lab.demo.Lab;
import dev.switchback.lab.kube.MastodonCluster;
import dev.switchback.lab.pg.PgServer;
import dev.switchback.lab.traffic.Pace;
import dev.switchback.pg.Sql;
import dev.switchback.runbook.SharedTemplate;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A whole migration, told in every way there is, tells no secret; and what is told afterwards. */
@Timeout(180)
class SecretsKubeTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void noPasswordAndNoVerifierIsToldByAMigration() throws Exception {
        try (Lab lab = Lab.start(SharedTemplate.get(), Pace.DEFAULT)) {
            Set<String> secrets = new TreeSet<>();
            collect(lab, secrets);
            Path temp = Files.createDirectories(lab.folder().resolve("tmp"));
            Said migrate =
                    Cli.child(
                            Map.of("JDK_JAVA_OPTIONS", "-Djava.io.tmpdir=" + temp),
                            line(lab, "migrate", "--yes", "-v", "-o", "json"));
            assertThat(migrate.exit()).as(migrate.all()).isEqualTo(0);
            collect(lab, secrets);
            assertThat(secrets).hasSizeGreaterThan(8);

            Map<String, String> told = new HashMap<>();
            told.put("migrate's stdout", migrate.out());
            told.put("migrate's stderr", migrate.err());
            told.put("source's log", lab.source().log());
            told.put("target's log", lab.target().log());
            for (var map :
                    lab.kube()
                            .client()
                            .configMaps()
                            .inNamespace(MastodonCluster.NAMESPACE)
                            .list()
                            .getItems()) {
                told.put("ConfigMap " + map.getMetadata().getName(), map.getData().toString());
            }
            for (String command : List.of("status", "logs", "report", "undo-commands", "plan")) {
                for (String format : List.of("text", "json")) {
                    Said said = Cli.inProcess(line(lab, command, "-o", format));
                    assertThat(said.exit()).as(said.all()).isEqualTo(0);
                    told.put(command + " -o " + format, said.out() + said.err());
                }
            }
            assertThat(told).containsKey("ConfigMap switchback-mastodon");
            told.forEach((where, text) -> {
                for (String secret : secrets) {
                    assertThat(text.contains(secret))
                            .as("%s holds a secret that begins %.6s", where, secret)
                            .isFalse();
                }
            });
            try (Stream<Path> left = Files.list(temp)) {
                assertThat(left.filter(p -> !p.toString().contains("hsperf")))
                        .as("scratch files")
                        .isEmpty();
            }
            assertToldAfterwards(lab, migrate, told);
        }
    }

    private static void assertToldAfterwards(Lab lab, Said migrate, Map<String, String> told)
            throws Exception {
        assertThat(migrate.err()).as("no colour into a pipe").doesNotContain("\u001b");
        JsonNode result = JSON.readTree(migrate.out());
        assertThat(result.path("result").asText()).isEqualTo("migrated");
        JsonNode report = JSON.readTree(told.get("report -o json"));
        assertThat(report.path("result").asText()).isEqualTo("migrated");
        assertThat(report.path("steps")).isEqualTo(result.path("steps"));
        JsonNode status = JSON.readTree(told.get("status -o json"));
        assertThat(status.path("status").asText()).isEqualTo("completed");
        assertThat(status.path("liveSide").asText()).isEqualTo("target");
        assertThat(status.path("rollback").path("state").asText()).isEqualTo("withData");
        assertThat(told.get("status -o text")).contains("serves    the target");
        assertThat(told.get("logs -o text")).contains("open-target", "completed");
        assertThat(told.get("undo-commands -o text"))
                .contains("WARNING: the target serves", "NOLOGIN");

        Said closed =
                Cli.inProcess(
                        line(
                                lab,
                                "close-rollback",
                                "--without-backup",
                                "--confirm",
                                MastodonCluster.SOURCE));
        assertThat(closed.exit()).as(closed.all()).isEqualTo(0);
        Said refused = Cli.inProcess(line(lab, "rollback"));
        assertThat(refused.exit()).as(refused.all()).isEqualTo(3);
        assertThat(refused.errors())
                .singleElement()
                .asString()
                .startsWith("error: SB-521 ")
                .contains("at least", "--accept-data-loss");
        Said again = Cli.child(Map.of(), line(lab, "migrate", "--yes", "-o", "json"));
        assertThat(again.exit()).as(again.all()).isEqualTo(0);
        assertThat(JSON.readTree(again.out()).path("result").asText()).isEqualTo("migrated");
    }

    /** Every value of a Secret that is one, and every verifier of both servers. */
    private static void collect(Lab lab, Set<String> secrets) throws Exception {
        for (Secret secret :
                lab.kube()
                        .client()
                        .secrets()
                        .inNamespace(MastodonCluster.NAMESPACE)
                        .list()
                        .getItems()) {
            secret.getData()
                    .forEach((key, value) -> {
                        if (key.equals("password") || key.contains("URL") || key.contains("uri")) {
                            String plain =
                                    new String(
                                            Base64.getDecoder().decode(value),
                                            StandardCharsets.UTF_8);
                            if (plain.length() > 3) {
                                secrets.add(plain);
                                secrets.add(value);
                            }
                        }
                    });
        }
        for (PgServer server : List.of(lab.source(), lab.target())) {
            try (Connection connection = server.connect("postgres")) {
                secrets.addAll(
                        Sql.list(
                                connection,
                                "SELECT rolpassword FROM pg_authid WHERE rolpassword IS NOT NULL",
                                row -> row.getString(1)));
            }
        }
    }

    private static List<String> line(Lab lab, String... words) {
        List<String> line = new ArrayList<>(List.of(words));
        line.addAll(
                List.of(
                        "-f",
                        lab.document().toString(),
                        "--kubeconfig",
                        lab.kubeconfig().toString(),
                        "--direct"));
        return line;
    }
}
