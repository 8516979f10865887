package dev.switchback.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.lab.Await;
import dev.switchback.lab.demo.Lab;
import dev.switchback.lab.kube.MastodonCluster;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A checkout as the guide's: the applications' Deployments with their replicas, and a {@code
 * mastodon-database.env} from which {@code configMapGenerator} makes their ConfigMap with a hash in
 * its name. Applied once by the real kubectl, so that the cluster is what Git says.
 */
final class GitCheckout {
    /** Beside what Switchback itself needs: what kubectl does to the manifests. */
    static final String RIGHTS =
            """
              - apiGroups: [apps]
                resources: [deployments]
                verbs: [create, patch]
            """;

    static final String ENV_FILE =
            "kubernetes/apps/platform/mastodon/configs/mastodon-database.env";
    static final String KUSTOMIZATION = "kubernetes/apps/platform/mastodon";

    /** Line ends of both kinds, a comment that names the old host, no newline at the end. */
    private static final byte[] BEFORE =
            """
            # was mastodon-postgresql before the pooler\r
            DB_HOST=mastodon-postgresql-pooler\r
            REPLICA_DB_HOST=mastodon-postgresql-repl

            DB_PORT=5432
            DB_NAME=mastodon
            DB_USER=mastodon\
            """
                    .getBytes(StandardCharsets.UTF_8);

    final Path folder;
    final Path env;
    private final Path kubeconfig;

    GitCheckout(Rig rig) throws Exception {
        this.kubeconfig = rig.lab.secureKubeconfig(RIGHTS);
        folder = Files.createDirectories(rig.lab.folder().resolve("git"));
        env = folder.resolve(ENV_FILE);
        Files.createDirectories(env.getParent());
        Files.write(env, BEFORE);
        Files.setPosixFilePermissions(env, PosixFilePermissions.fromString("rw-rw-r--"));
        Files.writeString(
                folder.resolve(KUSTOMIZATION).resolve("kustomization.yaml"),
                """
                namespace: mastodon
                resources: [deployments.yaml]
                configMapGenerator:
                  - name: mastodon-database
                    envs: [configs/mastodon-database.env]
                """);
        List<String> manifests = new ArrayList<>();
        for (Deployment deployment :
                rig.lab
                        .kube()
                        .client()
                        .apps()
                        .deployments()
                        .inNamespace(MastodonCluster.NAMESPACE)
                        .list()
                        .getItems()) {
            manifests.add(
                    Serialization.asYaml(
                            new DeploymentBuilder(deployment)
                                    .withMetadata(
                                            new ObjectMetaBuilder()
                                                    .withName(deployment.getMetadata().getName())
                                                    .withLabels(
                                                            deployment.getMetadata().getLabels())
                                                    .build())
                                    .withStatus(null)
                                    .build()));
        }
        Files.writeString(
                folder.resolve(KUSTOMIZATION).resolve("deployments.yaml"),
                String.join("\n---\n", manifests));
        apply();
        Await.until(
                "every template refers to the generated ConfigMap",
                Duration.ofSeconds(30),
                () -> rig.lab.applications().pods() == rig.lab.pods());
        assertThat(rig.lab.applications().awaitServing(rig.lab.pods(), Duration.ofSeconds(40)))
                .isTrue();
    }

    /** As a GitOps controller would. */
    void apply() throws Exception {
        Process kubectl =
                new ProcessBuilder(
                                "kubectl",
                                "--kubeconfig",
                                kubeconfig.toString(),
                                "apply",
                                "-k",
                                KUSTOMIZATION)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .start();
        String said = new String(kubectl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(kubectl.waitFor()).as(said).isZero();
    }

    /**
     * @param file what stands for the ConfigMap in the document
     * @param more lines at its end
     */
    Path document(String file, String more) throws Exception {
        String place = "      - configMap: mastodon-database\n";
        assertThat(Lab.DOCUMENT).contains(place);
        return Files.writeString(
                folder.resolve("migration.yaml"), Lab.DOCUMENT.replace(place, file) + more);
    }

    static String file(String... apply) {
        return "      - file: "
                + ENV_FILE
                + "\n        keys: [DB_HOST, REPLICA_DB_HOST]\n"
                + (apply.length == 0 ? "" : "        apply: [" + String.join(", ", apply) + "]\n");
    }

    Path kubeconfig() {
        return kubeconfig;
    }

    boolean isAsBefore() throws Exception {
        return Arrays.equals(Files.readAllBytes(env), BEFORE);
    }

    void assertAsBefore() throws Exception {
        assertThat(Files.readString(env)).isEqualTo(new String(BEFORE, StandardCharsets.UTF_8));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(env)))
                .isEqualTo("rw-rw-r--");
    }

    void assertNamesTarget() throws Exception {
        assertThat(Files.readString(env))
                .isEqualTo(
                        new String(BEFORE, StandardCharsets.UTF_8)
                                .replace("=mastodon-postgresql-pooler\r", "=database-pooler-rw\r")
                                .replace("=mastodon-postgresql-repl\n", "=database-pooler-ro\n"));
    }
}
