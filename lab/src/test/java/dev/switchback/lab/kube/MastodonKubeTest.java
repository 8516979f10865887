package dev.switchback.lab.kube;

import static dev.switchback.lab.kube.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The guide's cluster stands, its applications run, and its operators react. */
@Timeout(30)
class MastodonKubeTest {
    private static final Databases DATABASES =
            new Databases(
                    "127.1.1.1",
                    "127.2.2.2",
                    "source-ca",
                    "target-ca",
                    Map.of("mastodon", "old-password", "postgres", "old-super"),
                    "new-password",
                    15,
                    17);
    private final List<String> alterations = new CopyOnWriteArrayList<>();
    private final List<RunningPod> running = new CopyOnWriteArrayList<>();
    private FakeKube kube;
    private Controllers controllers;
    private KubernetesClient client;

    @BeforeEach
    void start() {
        kube = FakeKube.start();
        client = kube.client();
        controllers =
                Controllers.start(
                                kube,
                                new Controllers.Timing(
                                        Duration.ofMillis(100),
                                        Duration.ofMillis(100),
                                        Duration.ofMillis(100)))
                        .instance(
                                "database",
                                new CnpgInstance() {
                                    @Override
                                    public void setPassword(String role, String password) {
                                        alterations.add(role + "=" + password);
                                    }

                                    @Override
                                    public void clearPassword(String role) {
                                        alterations.add(role + "=NULL");
                                    }
                                })
                        .listen(running::add);
    }

    @AfterEach
    void stop() {
        controllers.close();
        kube.close();
    }

    @Test
    void theApplicationsStartWithTheSourcesAddressAndCredentials() throws Exception {
        new MastodonCluster(DATABASES).create(kube);
        eventually("seven pods run", () -> running.size() == 7);

        assertThat(running)
                .extracting(RunningPod::owner)
                .containsExactlyInAnyOrder(
                        "deployment/mastodon-web",
                        "deployment/mastodon-web",
                        "deployment/mastodon-sidekiq-default",
                        "deployment/mastodon-sidekiq-default",
                        "deployment/mastodon-sidekiq-background",
                        "deployment/mastodon-sidekiq-federation",
                        "deployment/mastodon-streaming");
        assertThat(running)
                .allSatisfy(pod -> {
                    assertThat(pod.secretFiles())
                            .containsEntry("mastodon-postgresql-ca", Map.of("ca.crt", "source-ca"));
                    if (pod.owner().endsWith("streaming")) {
                        assertThat(pod.env())
                                .containsEntry(
                                        "DATABASE_URL",
                                        "postgresql://mastodon:old-password@mastodon-postgresql-pooler:5432/mastodon?sslmode=verify-full");
                    } else {
                        assertThat(pod.env())
                                .containsEntry("DB_HOST", "mastodon-postgresql-pooler")
                                .containsEntry("DB_NAME", "mastodon")
                                .containsEntry("DB_USER", "mastodon")
                                .containsEntry("DB_PASS", "old-password");
                    }
                });
    }

    @Test
    void bothDatabaseClustersLookHealthyAndTheirPodsAreTheirsAlone() throws Exception {
        new MastodonCluster(DATABASES).create(kube);
        assertThat((String) zalando().get().get("status", "PostgresClusterStatus"))
                .isEqualTo("Running");
        assertThat((String) cnpg().get().get("status", "phase"))
                .isEqualTo("Cluster in healthy state");
        assertThat((Integer) cnpg().get().get("status", "readyInstances")).isEqualTo(1);
        assertThat(
                        client.pods()
                                .inNamespace("mastodon")
                                .withLabel("application", "spilo")
                                .withLabel("spilo-role", "master")
                                .list()
                                .getItems())
                .extracting(p -> p.getMetadata().getName())
                .containsExactly("mastodon-postgresql-0");
        assertThat(
                        client.pods()
                                .inNamespace("mastodon")
                                .withLabel("cnpg.io/cluster", "database")
                                .list()
                                .getItems())
                .extracting(p -> p.getMetadata().getName())
                .containsExactly("database-1");

        controllers.cnpgPhase("database", "Switchover in progress");
        eventually(
                "it is not healthy",
                () -> "Switchover in progress".equals(cnpg().get().get("status", "phase")));
        controllers.zalandoStatus("mastodon-postgresql", "SyncFailed");
        eventually(
                "it is not running",
                () -> "SyncFailed".equals(zalando().get().get("status", "PostgresClusterStatus")));
    }

    @Test
    void superuserAccessComesAndGoesWithItsSwitch() throws Exception {
        new MastodonCluster(DATABASES).create(kube);
        eventually("the password is null", () -> alterations.contains("postgres=NULL"));
        assertThat(superuser()).isNull();
        alterations.clear();

        enableSuperuser(true);
        eventually("the Secret is made", () -> superuser() != null);
        Map<String, String> secret = PodEnvironment.decoded(superuser());
        assertThat(secret)
                .containsEntry("username", "postgres")
                .containsEntry("dbname", "*")
                .containsEntry("host", "database-rw")
                .containsKeys("user", "port", "pgpass", "uri", "jdbc-uri", "fqdn-uri");
        assertThat(superuser().getMetadata().getLabels())
                .containsEntry("cnpg.io/cluster", "database")
                .containsEntry("cnpg.io/reload", "true")
                .containsEntry("cnpg.io/userType", "superuser");
        eventually(
                "the password is set",
                () -> alterations.contains("postgres=" + secret.get("password")));

        alterations.clear();
        enableSuperuser(false);
        eventually("the Secret is gone", () -> superuser() == null);
        eventually("the password is null", () -> alterations.contains("postgres=NULL"));
    }

    @Test
    void theOwnersPasswordFollowsItsSecretAndComesBackAfterARestart() throws Exception {
        new MastodonCluster(DATABASES).create(kube);
        eventually("it is set at the start", () -> alterations.contains("mastodon=new-password"));

        client.secrets()
                .inNamespace("mastodon")
                .withName("database-app")
                .edit(s -> new SecretBuilder(s).addToStringData("password", "rotated").build());
        eventually("it is set again", () -> alterations.contains("mastodon=rotated"));

        alterations.clear();
        controllers.restartCnpgInstance("database");
        eventually("it is set once more", () -> alterations.contains("mastodon=rotated"));
    }

    @Test
    void namesOfServicesLeadToTheServersBehindThem() {
        new MastodonCluster(DATABASES).create(kube);
        ClusterDns dns = new ClusterDns(kube);
        ClusterDns.Address source = new ClusterDns.Address("127.1.1.1", 5432);
        ClusterDns.Address target = new ClusterDns.Address("127.2.2.2", 5432);

        for (String suffix :
                List.of("", ".mastodon", ".mastodon.svc", ".mastodon.svc.cluster.local")) {
            assertThat(dns.resolve("mastodon-postgresql-pooler" + suffix, "mastodon"))
                    .contains(source);
            assertThat(dns.resolve("database-rw" + suffix, "mastodon")).contains(target);
        }
        assertThat(dns.resolve("database-rw.mastodon", "elsewhere")).contains(target);
        assertThat(dns.resolve("database-rw", "elsewhere")).isEmpty();
        assertThat(dns.resolve("no-such-service", "mastodon")).isEmpty();
        assertThat(dns.resolve("example.com", "mastodon")).isEmpty();
    }

    @Test
    void aTestLeavesOutOrAltersOneObject() {
        new MastodonCluster(DATABASES)
                .without("Secret", "database-ca")
                .with(
                        Pod.class,
                        "Pod",
                        "mastodon-postgresql-0",
                        pod -> {
                            pod.getMetadata().getLabels().put("spilo-role", "replica");
                            return pod;
                        })
                .create(kube);
        assertThat(client.secrets().inNamespace("mastodon").withName("database-ca").get()).isNull();
        assertThat(
                        client.pods()
                                .inNamespace("mastodon")
                                .withLabel("spilo-role", "master")
                                .list()
                                .getItems())
                .isEmpty();
    }

    private Secret superuser() {
        return client.secrets().inNamespace("mastodon").withName("database-superuser").get();
    }

    private void enableSuperuser(boolean enabled) {
        cnpg().edit(cluster -> {
            Map<String, Object> spec = cluster.get("spec");
            spec.put("enableSuperuserAccess", enabled);
            return cluster;
        });
    }

    private Resource<GenericKubernetesResource> cnpg() {
        return client.genericKubernetesResources("postgresql.cnpg.io/v1", "Cluster")
                .inNamespace("mastodon")
                .withName("database");
    }

    private Resource<GenericKubernetesResource> zalando() {
        return client.genericKubernetesResources("acid.zalan.do/v1", "postgresql")
                .inNamespace("mastodon")
                .withName("mastodon-postgresql");
    }
}
