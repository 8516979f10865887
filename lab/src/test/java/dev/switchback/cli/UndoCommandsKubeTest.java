package dev.switchback.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.switchback.cli.Cli.Said;
import dev.switchback.lab.demo.Lab;
import dev.switchback.lab.kube.Interceptor.Verdict;
import dev.switchback.lab.kube.MastodonCluster;
import dev.switchback.lab.kube.Mutation;
import dev.switchback.lab.mastodon.MastodonSchema;
import dev.switchback.lab.pg.PgServer;
import dev.switchback.lab.traffic.Pace;
import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.runbook.SharedTemplate;
import dev.switchback.schema.DatabaseGrants;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The night when our program is broken: what it printed is run with kubectl and psql alone. */
@Timeout(180)
class UndoCommandsKubeTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void whatIsPrintedAfterAKillInTheDowntimePutsTheServiceBack() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/kubectl")), "no kubectl");
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/psql")), "no psql");
        try (Lab lab = Lab.start(SharedTemplate.get(), Pace.DEFAULT)) {
            int pods = lab.originalReplicas().values().stream().mapToInt(i -> i).sum();
            assertThat(lab.applications().awaitServing(pods, Duration.ofSeconds(30))).isTrue();
            grantDifferently(lab);
            List<String> grants = grants(lab);
            killAtTheCommitPoint(lab);
            assertThat(grants(lab)).as("carried from the source").isNotEqualTo(grants);
            assertThat(lab.replicas().values()).containsOnly(0);
            assertThat(lab.endpoint()).isEqualTo("database-pooler-rw");

            Said status = Cli.inProcess(line(lab, "status", "-o", "json"));
            assertThat(JSON.readTree(status.out()).path("liveSide").asText()).isEqualTo("none");
            Said commands = Cli.inProcess(line(lab, "undo-commands"));
            assertThat(commands.exit()).as(commands.all()).isEqualTo(0);
            assertThat(commands.out()).doesNotContain("lab-", "SCRAM");
            Said json = Cli.inProcess(line(lab, "undo-commands", "-o", "json"));
            assertThat(JSON.readTree(json.out())).isNotEmpty();

            bash(lab, commands.out());
            assertThat(lab.endpoint()).isEqualTo("mastodon-postgresql-pooler");
            assertThat(lab.replicas()).isEqualTo(lab.originalReplicas());
            assertThat(lab.applications().awaitServing(pods, Duration.ofSeconds(30))).isTrue();
            assertSourceOpen(lab);
            assertThat(grants(lab)).isEqualTo(grants);

            // abort does it by itself too
            try (Connection target = lab.target().connect("postgres")) {
                Sql.run(target, "GRANT CREATE ON DATABASE mastodon TO PUBLIC");
                Sql.run(target, "COMMENT ON DATABASE mastodon IS 'of the source'");
            }
            Said abort = Cli.child(Map.of(), line(lab, "abort", "-o", "json"));
            assertThat(abort.exit()).as(abort.all()).isEqualTo(0);
            assertThat(JSON.readTree(abort.out()).path("result").asText()).isEqualTo("aborted");
            assertThat(lab.replicas()).isEqualTo(lab.originalReplicas());
            assertThat(lab.endpoint()).isEqualTo("mastodon-postgresql-pooler");
            assertThat(grants(lab)).isEqualTo(grants);
        }
    }

    private static void grantDifferently(Lab lab) throws Exception {
        try (Connection source = lab.source().connect("mastodon");
                Connection target = lab.target().connect("postgres")) {
            Sql.run(source, "COMMENT ON DATABASE mastodon IS 'it''s the source''s'");
            Sql.run(source, "REVOKE CONNECT ON DATABASE mastodon FROM PUBLIC");
            Sql.run(
                    source,
                    "GRANT CONNECT ON DATABASE mastodon TO pg_read_all_data WITH GRANT OPTION");
            Sql.run(target, "COMMENT ON DATABASE mastodon IS 'the target''s, %1$s'");
            Sql.run(target, "GRANT TEMPORARY ON DATABASE mastodon TO pg_monitor");
        }
    }

    private static List<String> grants(Lab lab) throws Exception {
        try (Connection target = lab.target().connect("postgres")) {
            return DatabaseGrants.read(target, "mastodon", Exclusions.none());
        }
    }

    private static void killAtTheCommitPoint(Lab lab) throws Exception {
        Path folder = Files.createDirectories(lab.folder().resolve("killed"));
        CountDownLatch reached = new CountDownLatch(1);
        lab.kube()
                .intercept(mutation -> {
                    if (!begins(mutation, "pin-snapshots")) {
                        return Verdict.PROCEED;
                    }
                    reached.countDown();
                    return Verdict.DROP;
                });
        Cli.Child migrate = Cli.start(folder, Map.of(), line(lab, "migrate", "--yes"));
        assertThat(reached.await(90, TimeUnit.SECONDS)).as(migrate.err()).isTrue();
        migrate.process().destroyForcibly().waitFor();
        lab.kube().intercept(mutation -> Verdict.PROCEED);
        lab.kube().release();
    }

    private static boolean begins(Mutation mutation, String step) {
        return mutation.touches("configmaps", "switchback-mastodon")
                && steps(mutation.body()).contains(step);
    }

    private static List<String> steps(String body) {
        try {
            JsonNode journal =
                    JSON.readTree(
                            JSON.readTree(body).path("data").path("journal.json").asText("{}"));
            return journal.path("steps").findValuesAsText("id");
        } catch (IOException e) {
            throw new IllegalStateException("the journal is no JSON", e);
        }
    }

    /** As a person would paste them, but that psql talks to the server instead of to its pod. */
    private static void bash(Lab lab, String commands) throws Exception {
        String local =
                commands.replaceAll(
                        "kubectl -n mastodon exec -i mastodon-postgresql-0 -c postgres -- psql",
                        "/usr/bin/psql -h " + lab.source().address());
        local =
                local.replaceAll(
                        "kubectl -n \\S+ exec -i "
                                + MastodonCluster.TARGET
                                + "-1 -c postgres -- psql -U postgres",
                        // inside its pod postgres needs no password; here the lab's own admin logs
                        // in
                        "PGPASSWORD="
                                + lab.target().superuser("postgres").password().reveal()
                                + " /usr/bin/psql -U "
                                + lab.target().superuser("postgres").user()
                                + " -h "
                                + lab.target().address());
        assertThat(local).doesNotContain(" exec ");
        Path script = Files.writeString(lab.folder().resolve("undo.sh"), "set -eu\n" + local);
        try (TokenProxy api = new TokenProxy(lab.kube().url(), lab.kube().adminToken())) {
            Path kubeconfig =
                    Files.writeString(
                            lab.folder().resolve("undo.kubeconfig"),
                            """
                            apiVersion: v1
                            kind: Config
                            current-context: lab
                            clusters: [{name: lab, cluster: {server: "%s"}}]
                            contexts: [{name: lab, context: {cluster: lab}}]
                            """
                                    .formatted(api.url()));
            ProcessBuilder builder =
                    new ProcessBuilder("bash", "-x", script.toString())
                            .redirectErrorStream(true)
                            .directory(lab.folder().toFile());
            builder.environment()
                    .putAll(
                            Map.of(
                                    "KUBECONFIG",
                                    kubeconfig.toString(),
                                    "PGPASSWORD",
                                    PgServer.SUPERUSER_PASSWORD.reveal(),
                                    "PGSSLMODE",
                                    "require",
                                    "HOME",
                                    lab.folder().toString()));
            Process bash = builder.start();
            String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(bash.waitFor()).as(said).isEqualTo(0);
        }
    }

    private static void assertSourceOpen(Lab lab) throws Exception {
        var owner =
                lab.source()
                        .superuser("mastodon")
                        .withLogin(MastodonSchema.OWNER, MastodonSchema.OWNER_PASSWORD);
        try (Connection connection = Pg.open(owner)) {
            Sql.run(connection, "CREATE TABLE open_again (id int)");
            Sql.run(connection, "INSERT INTO open_again VALUES (1)");
            Sql.run(connection, "SELECT lo_unlink(lo_from_bytea(0, 'x'))");
            Sql.run(connection, "DROP TABLE open_again");
            assertThat(
                            Sql.one(
                                    connection,
                                    "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'switchback%'"))
                    .isEqualTo("0");
        }
    }

    private static List<String> line(Lab lab, String... words) {
        List<String> line = new java.util.ArrayList<>(List.of(words));
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
