package dev.switchback.lab.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Role that is shipped is the Role that is enforced. */
class AccessKubeTest {
    private static final String MANIFEST =
            """
            apiVersion: v1
            kind: ServiceAccount
            metadata: {name: switchback, namespace: mastodon}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: switchback}
            rules:
              - {apiGroups: [""], resources: [configmaps], verbs: [get, list, create]}
              - {apiGroups: [""], resources: [configmaps], resourceNames: [journal], verbs: [patch]}
              - {apiGroups: [apps], resources: [deployments/scale], verbs: [patch, update]}
            """;

    @TempDir private static Path folder;
    private static FakeKube kube;
    private static String token = "";

    @BeforeAll
    static void start() throws Exception {
        kube = FakeKube.start();
        token =
                kube.tokenFor(
                        Files.writeString(folder.resolve("role.yaml"), MANIFEST),
                        "mastodon",
                        "switchback");
        kube.client().resource(configMap("journal", "mastodon")).create();
        kube.client().resource(configMap("other", "mastodon")).create();
        kube.client().resource(configMap("journal", "elsewhere")).create();
    }

    @AfterAll
    static void stop() {
        kube.close();
    }

    @Test
    void whatTheRoleAllowsWorksAndTheRestIsForbiddenInTheServersOwnWords() {
        try (KubernetesClient program = kube.client(token, "mastodon")) {
            assertThat(program.configMaps().list().getItems()).hasSize(2);
            program.configMaps().withName("journal").patch(merge(), "{\"data\":{\"a\":\"1\"}}");

            assertThatThrownBy(() ->
                            program.configMaps()
                                    .withName("other")
                                    .patch(merge(), "{\"data\":{\"a\":\"1\"}}"))
                    .satisfies(e -> assertThat(ApiKubeTest.code(e)).isEqualTo(403))
                    .hasMessageContaining(
                            "configmaps \"other\" is forbidden: User"
                                    + " \"system:serviceaccount:mastodon:switchback\" cannot patch resource"
                                    + " \"configmaps\" in API group \"\" in the namespace \"mastodon\"");
            assertThatThrownBy(() -> program.configMaps().inNamespace("elsewhere").list())
                    .satisfies(e -> assertThat(ApiKubeTest.code(e)).isEqualTo(403));
            assertThatThrownBy(() -> program.secrets().list())
                    .hasMessageContaining(
                            "secrets is forbidden: User"
                                    + " \"system:serviceaccount:mastodon:switchback\" cannot list resource"
                                    + " \"secrets\"");
            assertThatThrownBy(() -> program.apps().deployments().withName("web").get())
                    .satisfies(e -> assertThat(ApiKubeTest.code(e)).isEqualTo(403));
        }
    }

    @Test
    void anAccessReviewAnswersFromTheSameRules() {
        try (KubernetesClient program = kube.client(token, "mastodon")) {
            assertThat(may(program, "patch", "apps", "deployments", "scale", "")).isTrue();
            assertThat(may(program, "patch", "apps", "deployments", "", "")).isFalse();
            assertThat(may(program, "patch", "", "configmaps", "", "journal")).isTrue();
            assertThat(may(program, "patch", "", "configmaps", "", "other")).isFalse();
            assertThat(may(program, "delete", "", "configmaps", "", "")).isFalse();
        }
    }

    @Test
    void theLogTellsAttemptsFromReviewsAndReads() {
        try (FakeKube own = FakeKube.start();
                KubernetesClient program = own.client(own.token("nobody"), "mastodon")) {
            own.client().resource(configMap("by-the-lab", "mastodon")).create();
            may(program, "list", "", "pods", "", "");
            assertThatThrownBy(() -> program.pods().list()).hasMessageContaining("forbidden");
            assertThat(own.writes()).isEmpty();
            assertThat(own.requests()).extracting(Request::status).containsExactly(201, 403);

            assertThatThrownBy(() -> program.resource(configMap("x", "mastodon")).create())
                    .hasMessageContaining("forbidden");
            assertThat(own.writes())
                    .singleElement()
                    .satisfies(write -> {
                        assertThat(write.user()).isEqualTo("nobody");
                        assertThat(write.method()).isEqualTo("POST");
                        assertThat(write.status()).isEqualTo(403);
                        assertThat(write.applied()).isFalse();
                    });
        }
    }

    @Test
    void anUnknownTokenIsUnauthorized() {
        try (KubernetesClient stranger = kube.client("made-up", "mastodon")) {
            assertThatThrownBy(() -> stranger.pods().list())
                    .satisfies(e -> assertThat(ApiKubeTest.code(e)).isEqualTo(401));
        }
    }

    @Test
    void theKubeconfigLeadsAnotherProcessHere() throws Exception {
        Path file = kube.kubeconfig(folder, token, "mastodon");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        try (KubernetesClient program =
                new KubernetesClientBuilder()
                        .withConfig(Config.fromKubeconfig(file.toFile()))
                        .build()) {
            assertThat(program.getNamespace()).isEqualTo("mastodon");
            assertThat(program.configMaps().withName("journal").get()).isNotNull();
        }
    }

    private static boolean may(
            KubernetesClient client,
            String verb,
            String group,
            String resource,
            String subresource,
            String name) {
        return client.authorization()
                .v1()
                .selfSubjectAccessReview()
                .create(
                        new SelfSubjectAccessReviewBuilder()
                                .withNewSpec()
                                .withNewResourceAttributes()
                                .withNamespace("mastodon")
                                .withVerb(verb)
                                .withGroup(group)
                                .withResource(resource)
                                .withSubresource(subresource)
                                .withName(name)
                                .endResourceAttributes()
                                .endSpec()
                                .build())
                .getStatus()
                .getAllowed();
    }

    private static PatchContext merge() {
        return PatchContext.of(PatchType.JSON_MERGE);
    }

    private static ConfigMap configMap(String name, String namespace) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .endMetadata()
                .build();
    }
}
