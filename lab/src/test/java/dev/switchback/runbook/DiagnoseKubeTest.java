package dev.switchback.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.switchback.diagnose.Diagnosis;
import dev.switchback.diagnose.Found;
import dev.switchback.diagnose.Symptom;
import dev.switchback.engine.Outcome;
import dev.switchback.engine.RunResult;
import dev.switchback.lab.demo.Lab;
import dev.switchback.lab.demo.Program;
import dev.switchback.lab.kube.MastodonCluster;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Faults of every chapter, planted one after the other into one world, before its migration and
 * after: each is named first, and taken out again. The healthy world between has no cause.
 */
@Tag("boundaries")
@Timeout(420)
class DiagnoseKubeTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** With a link, what is planted on the target would be carried to the source too. */
    private static final String UNFOLLOWED = "  rollback: {link: none}\n";

    private final List<String> wrong = new ArrayList<>();

    @Test
    void everyPlantedFaultIsNamedFirstAndAHealthyWorldHasNone() throws Exception {
        try (Rig rig = new Rig()) {
            Path document =
                    Files.writeString(
                            rig.lab.folder().resolve("plain.yaml"), Lab.DOCUMENT + UNFOLLOWED);
            healthy(rig, document, "before the migration");
            for (Plant plant : Plants.before()) {
                named(rig, document, plant);
            }
            backupFolderMissing(rig);
            Plants.limitSource(rig);
            RunResult migrated = rig.migrate(document, book -> book, options -> options);
            assertThat(migrated.outcome())
                    .as(migrated.problems().toString())
                    .isEqualTo(Outcome.COMPLETED);
            assertThat(rig.lab.applications().awaitServing(rig.lab.pods(), Duration.ofSeconds(40)))
                    .isTrue();
            healthy(rig, document, "after the migration");
            for (Plant plant : Plants.after()) {
                named(rig, document, plant);
            }
            healthy(rig, document, "when every fault was taken out");
            bundleHoldsNoSecret(rig, document);
            for (Plant plant : Plants.last()) {
                named(rig, document, plant);
            }
            assertThat(wrong).isEmpty();
        }
    }

    private void healthy(Rig rig, Path document, String when) throws Exception {
        Diagnosis diagnosis = diagnose(rig, document, EnumSet.allOf(Symptom.class));
        if (!diagnosis.found().isEmpty()) {
            wrong.add(when + ": " + words(diagnosis));
        }
        if (!diagnosis.gaps().isEmpty()) {
            wrong.add(when + ", not read: " + diagnosis.gaps());
        }
    }

    private void named(Rig rig, Path document, Plant plant) throws Exception {
        long from = System.nanoTime();
        name(rig, document, plant);
        System.err.println("TIMED " + plant.cause() + " " + (System.nanoTime() - from) / 1_000_000);
    }

    private void name(Rig rig, Path document, Plant plant) throws Exception {
        plant.plant().in(rig);
        try {
            Diagnosis diagnosis = diagnose(rig, document, Set.of(plant.symptom()));
            String first =
                    diagnosis.found().isEmpty()
                            ? "none"
                            : diagnosis.found().getFirst().cause().id();
            if (!first.equals(plant.cause())) {
                wrong.add(
                        plant.cause()
                                + ": first is "
                                + first
                                + " of "
                                + words(diagnosis)
                                + "; gaps "
                                + diagnosis.gaps());
            } else {
                assertThat(diagnosis.found().getFirst().because())
                        .allSatisfy(b -> assertThat(b.command()).isNotBlank())
                        .allSatisfy(b -> assertThat(b.seen()).isNotBlank());
            }
        } finally {
            plant.unplant().in(rig);
        }
    }

    private static Diagnosis diagnose(Rig rig, Path document, Set<Symptom> symptoms)
            throws InterruptedException {
        try (Stage stage = rig.stage(document)) {
            return Diagnosis.of(stage, symptoms, Instant.now());
        }
    }

    private static String words(Diagnosis diagnosis) {
        return diagnosis.found().stream()
                .map((Found f) -> f.cause().id() + " " + f.because())
                .collect(Collectors.joining("\n  "));
    }

    private void backupFolderMissing(Rig rig) throws Exception {
        Path document =
                Files.writeString(
                        rig.lab.folder().resolve("backed-up.yaml"),
                        Lab.DOCUMENT + "  backup: {mode: dump, to: {path: /nowhere/at/all}}\n");
        named(rig, document, new Plant(Symptom.BACKUP, "backup-destination", r -> {}, r -> {}));
    }

    /**
     * Secrets in every place that is read; each must be known to be there, and gone from the
     * archive.
     */
    private static void bundleHoldsNoSecret(Rig rig, Path document) throws Exception {
        Map<String, String> planted =
                Map.of(
                        "Secret", "hidden-in-a-secret-4711",
                        "variable", "hidden-in-a-variable-4711",
                        "URL", "hidden-in-a-url-4711",
                        "log", "hidden-in-a-log-4711",
                        "literal", "hidden-in-a-literal-4711",
                        "role", "hidden-in-a-role-4711",
                        "row", "hidden-in-a-row-4711");
        var client = rig.lab.kube().client();
        client.resource(
                        new SecretBuilder()
                                .withNewMetadata()
                                .withNamespace(MastodonCluster.NAMESPACE)
                                .withName("other")
                                .endMetadata()
                                .withStringData(Map.of("answer", planted.get("Secret")))
                                .build())
                .create();
        var pods = client.pods().inNamespace(MastodonCluster.NAMESPACE);
        String pod =
                pods.withLabel("app", "mastodon-web")
                        .list()
                        .getItems()
                        .getFirst()
                        .getMetadata()
                        .getName();
        pods.withName("database-1")
                .edit(p -> {
                    p.getSpec()
                            .getContainers()
                            .getFirst()
                            .getEnv()
                            .add(
                                    new io.fabric8.kubernetes.api.model.EnvVar(
                                            "API_TOKEN", planted.get("variable"), null));
                    return p;
                });
        List<String> lines =
                List.of(
                        "PG::ConnectionBad: connection to postgresql://web:"
                                + planted.get("URL")
                                + "@database-rw:5432/mastodon failed",
                        "PSQLException: password=" + planted.get("log") + " was refused",
                        "ERROR: syntax error STATEMENT: ALTER ROLE x PASSWORD '"
                                + planted.get("role")
                                + "'",
                        "ERROR: PG::Error in SELECT * FROM users WHERE email = '"
                                + planted.get("literal")
                                + "'",
                        "ERROR: duplicate key DETAIL: Key (email)=("
                                + planted.get("row")
                                + ") already exists.",
                        "FATAL: token "
                                + planted.get("Secret")
                                + " and "
                                + planted.get("variable"));
        for (String line : lines) {
            rig.lab.kube().log(MastodonCluster.NAMESPACE, pod, Instant.now(), line);
        }
        Path archive = rig.lab.folder().resolve("bundle.tar.gz");
        List<String> command =
                List.of(
                        "diagnose",
                        "--bundle",
                        archive.toString(),
                        "-f",
                        document.toString(),
                        "--kubeconfig",
                        rig.lab.kubeconfig().toString(),
                        "--direct",
                        "-o",
                        "json");
        Program.Result said = rig.program.start(false, command).await(120);
        assertThat(said.exit()).as(said.err()).isIn(0, 4);
        JsonNode result = JSON.readTree(said.out());
        assertThat(result.path("kind").asText()).isEqualTo("Diagnosis");
        Path folder = Files.createDirectories(rig.lab.folder().resolve("unpacked"));
        Process tar =
                new ProcessBuilder("tar", "-xzf", archive.toString(), "-C", folder.toString())
                        .inheritIO()
                        .start();
        assertThat(tar.waitFor()).isZero();
        Map<String, String> files = read(folder.resolve("switchback-mastodon"));
        assertThat(files)
                .containsKeys(
                        "CONTENTS.txt",
                        "version.txt",
                        "migration.yaml",
                        "journal.json",
                        "diagnosis.json",
                        "evidence/server.json",
                        "logs/" + pod + "-web.log");
        assertThat(files.get("CONTENTS.txt"))
                .contains("evidence/server.json", "Left out on purpose");
        assertThat(files.getOrDefault("logs/" + pod + "-web.log", "").lines())
                .hasSizeGreaterThanOrEqualTo(lines.size());
        files.put("stdout", said.out());
        files.put("stderr", said.err());
        files.forEach((name, text) ->
                planted.forEach((where, secret) ->
                        assertThat(text)
                                .as(name + " and what was in a " + where)
                                .doesNotContain(secret)));
        for (var secret :
                client.secrets().inNamespace(MastodonCluster.NAMESPACE).list().getItems()) {
            for (String key : List.of("password", "DATABASE_URL", "uri", "pgpass")) {
                String encoded = secret.getData().get(key);
                if (encoded != null) {
                    String plain =
                            new String(
                                    java.util.Base64.getDecoder().decode(encoded),
                                    StandardCharsets.UTF_8);
                    files.forEach((name, text) ->
                            assertThat(text).as(name).doesNotContain(plain, encoded));
                }
            }
        }
        Program.Result again = rig.program.start(false, command).await(120);
        assertThat(again.exit()).isEqualTo(1);
        assertThat(again.err()).contains("SB-660");
        client.secrets().inNamespace(MastodonCluster.NAMESPACE).withName("other").delete();
    }

    private static Map<String, String> read(Path folder) throws IOException {
        Map<String, String> files = new java.util.TreeMap<>();
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                files.put(folder.relativize(path).toString(), Files.readString(path));
            }
        }
        return files;
    }
}
