package dev.switchback.lab.kube;

import static dev.switchback.lab.kube.MastodonCluster.NAMESPACE;
import static dev.switchback.lab.kube.MastodonCluster.SOURCE;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The applications: where each of the five Deployments reads its connection from. */
final class MastodonObjects {
    private static final String SETTINGS = "mastodon-database";
    private static final String URL = "mastodon-database-url";
    private static final String CA_MOUNT = "/etc/ssl/database";
    private static final List<String> KEYS =
            List.of("DB_HOST", "REPLICA_DB_HOST", "DB_PORT", "DB_NAME", "DB_USER");

    private MastodonObjects() {}

    static List<HasMetadata> of(Databases databases) {
        List<HasMetadata> objects = new ArrayList<>();
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("DB_HOST", SOURCE + "-pooler");
        settings.put("REPLICA_DB_HOST", SOURCE + "-repl");
        settings.put("DB_PORT", "5432");
        settings.put("DB_NAME", "mastodon");
        settings.put("DB_USER", "mastodon");
        objects.add(LabObjects.configMap(SETTINGS, settings));
        objects.add(
                LabObjects.secret(
                        URL,
                        Map.of(),
                        Map.of(
                                "DATABASE_URL",
                                "postgresql://mastodon:%s@%s-pooler:5432/mastodon?sslmode=verify-full"
                                        .formatted(databases.sourcePassword("mastodon"), SOURCE))));
        objects.add(deployment("mastodon-web", 2, List.of(), true));
        objects.add(deployment("mastodon-sidekiq-default", 2, List.of(), true));
        objects.add(deployment("mastodon-sidekiq-background", 1, keyByKey(), false));
        objects.add(deployment("mastodon-sidekiq-federation", 1, keyByKey(), false));
        objects.add(
                deployment(
                        "mastodon-streaming",
                        1,
                        List.of(fromSecret("DATABASE_URL", URL, "DATABASE_URL")),
                        false));
        return objects;
    }

    private static List<EnvVar> keyByKey() {
        return KEYS.stream()
                .map(key ->
                        new EnvVarBuilder()
                                .withName(key)
                                .withNewValueFrom()
                                .withNewConfigMapKeyRef(key, SETTINGS, false)
                                .endValueFrom()
                                .build())
                .toList();
    }

    private static EnvVar fromSecret(String name, String secret, String key) {
        return new EnvVarBuilder()
                .withName(name)
                .withNewValueFrom()
                .withNewSecretKeyRef(key, secret, false)
                .endValueFrom()
                .build();
    }

    /**
     * @param wholeMap reads all of the settings with envFrom, as web and the default queue do
     */
    private static Deployment deployment(
            String name, int replicas, List<EnvVar> variables, boolean wholeMap) {
        List<EnvVar> env = new ArrayList<>(variables);
        if (variables.stream().noneMatch(v -> v.getName().equals("DATABASE_URL"))) {
            env.add(
                    fromSecret(
                            "DB_PASS",
                            "mastodon." + SOURCE + ".credentials.postgresql.acid.zalan.do",
                            "password"));
        }
        env.add(new EnvVarBuilder().withName("DB_SSLMODE").withValue("verify-full").build());
        env.add(
                new EnvVarBuilder()
                        .withName("PGSSLROOTCERT")
                        .withValue(CA_MOUNT + "/ca.crt")
                        .build());
        Deployment deployment =
                new DeploymentBuilder()
                        .withNewMetadata()
                        .withNamespace(NAMESPACE)
                        .withName(name)
                        .addToLabels("app", name)
                        .endMetadata()
                        .withNewSpec()
                        .withReplicas(replicas)
                        .withNewSelector()
                        .addToMatchLabels("app", name)
                        .endSelector()
                        .withNewTemplate()
                        .withNewMetadata()
                        .addToLabels("app", name)
                        .endMetadata()
                        .withNewSpec()
                        .withTerminationGracePeriodSeconds(30L)
                        .addNewContainer()
                        .withName(name.replace("mastodon-", ""))
                        .withImage("ghcr.io/mastodon/mastodon:v4.4.3")
                        .withEnv(env)
                        .addNewVolumeMount()
                        .withName("database-ca")
                        .withMountPath(CA_MOUNT)
                        .withReadOnly(true)
                        .endVolumeMount()
                        .endContainer()
                        .addNewVolume()
                        .withName("database-ca")
                        .withNewSecret()
                        .withSecretName(SOURCE + "-ca")
                        .endSecret()
                        .endVolume()
                        .endSpec()
                        .endTemplate()
                        .endSpec()
                        .build();
        if (wholeMap) {
            deployment
                    .getSpec()
                    .getTemplate()
                    .getSpec()
                    .getContainers()
                    .getFirst()
                    .setEnvFrom(
                            List.of(
                                    new io.fabric8.kubernetes.api.model.EnvFromSourceBuilder()
                                            .withNewConfigMapRef(SETTINGS, false)
                                            .build()));
        }
        return deployment;
    }
}
