package dev.switchback.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.health.ApplicationHealth.Trouble;
import dev.switchback.health.ApplicationHealth.Writer;
import dev.switchback.kube.Kube;
import dev.switchback.lab.demo.Lab;
import dev.switchback.lab.kube.MastodonCluster;
import dev.switchback.lab.traffic.Pace;
import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Sql;
import dev.switchback.runbook.SharedTemplate;
import dev.switchback.spec.DocumentReader;
import dev.switchback.workload.Writers;
import io.fabric8.kubernetes.api.model.Pod;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Applications under traffic, read through the shipped Role. */
@Timeout(120)
class ApplicationHealthKubeTest {
    private static Lab lab;
    private static Kube kube;

    @BeforeAll
    static void start() throws Exception {
        lab = Lab.start(SharedTemplate.get(), Pace.DEFAULT.withConnections(1));
        assertThat(lab.applications().awaitServing(lab.pods(), Duration.ofSeconds(40))).isTrue();
        kube = Kube.connect(Optional.of(lab.kubeconfig()), Optional.empty());
    }

    @AfterAll
    static void stop() {
        kube.close();
        lab.close();
    }

    private static ApplicationHealth read() throws InterruptedException {
        return ApplicationHealth.read(
                kube,
                new Writers(kube, DocumentReader.parse("lab", Lab.DOCUMENT).writers()),
                List.of(lab.source().superuser("mastodon")),
                Exclusions.spilo());
    }

    private static Writer writer(ApplicationHealth health, String name) {
        return health.writers().stream()
                .filter(w -> w.name().equals("deployment/" + name))
                .findFirst()
                .orElseThrow();
    }

    private static Pod pod(String writer) {
        return lab.kube()
                .client()
                .pods()
                .inNamespace(MastodonCluster.NAMESPACE)
                .withLabel("app", writer)
                .list()
                .getItems()
                .getFirst();
    }

    @Test
    void healthyApplicationsAreReadWithTheirSessionsAndLatency() throws Exception {
        ApplicationHealth health = read();

        assertThat(health.writers()).hasSize(5);
        Writer web = writer(health, "mastodon-web");
        assertThat(web.asked()).isEqualTo(2);
        assertThat(web.ready()).isEqualTo(2);
        assertThat(web.log().lines()).isPositive();
        assertThat(web.log().unread()).isEmpty();
        var mastodon = health.databases().getFirst();
        assertThat(mastodon.sessions())
                .anySatisfy(s -> {
                    assertThat(s.role()).isEqualTo("mastodon");
                    assertThat(s.application()).startsWith("mastodon-web");
                    assertThat(s.count()).isPositive();
                });
        assertThat(mastodon.latencies())
                .hasSizeGreaterThan(1)
                .allSatisfy(l -> assertThat(l.micros()).isPositive())
                .anySatisfy(l -> assertThat(l.what()).startsWith("last row of public."));
        assertThat(ApplicationHealth.fromJson(health.toJson())).isEqualTo(health);
        assertThat(health.toJson()).doesNotContain("\n").hasSizeLessThan(20_000);
    }

    @Test
    void whatTheLogsSayAboutTheDatabaseIsCountedAndNotKept() throws Exception {
        String name = pod("mastodon-streaming").getMetadata().getName();
        for (int i = 0; i < 30; i++) {
            lab.kube()
                    .log(
                            MastodonCluster.NAMESPACE,
                            name,
                            Instant.now(),
                            "PG::ConnectionBad: password=hunter2");
        }
        ApplicationHealth health = read();

        assertThat(writer(health, "mastodon-streaming").log().databaseErrors())
                .isGreaterThanOrEqualTo(30);
        assertThat(health.toJson()).doesNotContain("hunter2");
    }

    @Test
    void aPodThatKeepsCrashingIsNamedWithItsReason() throws Exception {
        Pod pod = pod("mastodon-sidekiq-background");
        var pods = lab.kube().client().pods().inNamespace(MastodonCluster.NAMESPACE);
        pod.getStatus().getConditions().getFirst().setStatus("False");
        var container = pod.getStatus().getContainerStatuses().getFirst();
        container.setReady(false);
        container.setRestartCount(7);
        container.setState(
                new io.fabric8.kubernetes.api.model.ContainerStateBuilder()
                        .withNewWaiting()
                        .withReason("CrashLoopBackOff")
                        .endWaiting()
                        .build());
        pods.resource(pod).updateStatus();

        Writer writer = writer(read(), "mastodon-sidekiq-background");
        assertThat(writer.restarts()).isEqualTo(7);
        assertThat(writer.ready()).isZero();
        assertThat(writer.troubles())
                .singleElement()
                .satisfies((Trouble t) -> {
                    assertThat(t.what()).contains("CrashLoopBackOff", "7 times");
                    assertThat(t.serving()).isFalse();
                });
    }

    @Test
    void statementsAreReadWhereTheServerCountsThem() throws Exception {
        try (Connection source = lab.source().connect("mastodon")) {
            String there =
                    Sql.one(
                            source,
                            "SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_stat_statements'");
            var database = read().databases().getFirst();
            if (there.equals("0") || database.statements().isEmpty()) {
                assertThat(database.statementsUnread()).isNotEmpty();
            } else {
                assertThat(database.statements())
                        .allSatisfy(s -> {
                            assertThat(s.calls()).isPositive();
                            assertThat(s.fingerprint()).hasSize(16);
                        });
            }
        }
    }
}
