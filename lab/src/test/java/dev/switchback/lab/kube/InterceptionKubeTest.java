package dev.switchback.lab.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchback.lab.kube.Interceptor.Verdict;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A change can be stopped on either side of its persistence, and nobody else notices. */
@Timeout(20)
class InterceptionKubeTest {
    private FakeKube kube;
    private KubernetesClient program;
    private KubernetesClient other;

    @BeforeEach
    void start() {
        kube = FakeKube.start();
        program = kube.client(kube.adminToken(), "mastodon");
        program.getConfiguration().setRequestRetryBackoffLimit(0);
        other = kube.client(kube.adminToken(), "mastodon");
    }

    @AfterEach
    void stop() {
        program.close();
        other.close();
        kube.close();
    }

    @Test
    void aChangeIsPersistedAndNeverAnsweredWhileOthersGoOn() throws Exception {
        AtomicReference<String> atTheHook = new AtomicReference<>("");
        CountDownLatch hooked = new CountDownLatch(1);
        kube.intercept(mutation ->
                mutation.touches("configmaps", "journal")
                        ? Verdict.persistThen(() -> {
                            atTheHook.set(data("journal"));
                            hooked.countDown();
                        })
                        : Verdict.PROCEED);

        CompletableFuture<ConfigMap> answer =
                CompletableFuture.supplyAsync(() -> write(program, "journal", "1"));
        assertThat(hooked.await(10, TimeUnit.SECONDS)).isTrue();

        assertThat(atTheHook.get()).isEqualTo("{n=1}");
        write(other, "elsewhere", "2");
        assertThat(answer).isNotDone();
        assertThat(kube.writes())
                .filteredOn(w -> w.status() == 0)
                .singleElement()
                .satisfies(w -> assertThat(w.applied()).isTrue());
        kube.release();
        assertThatThrownBy(() -> answer.get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class);
    }

    @Test
    void aChangeIsReceivedAndNeverPersistedWhileOthersGoOn() throws Exception {
        CountDownLatch received = new CountDownLatch(1);
        kube.intercept(mutation -> {
            if (!mutation.touches("configmaps", "journal")) {
                return Verdict.PROCEED;
            }
            write(other, "written-meanwhile", "1"); // the hook itself may use the API
            received.countDown();
            return Verdict.DROP;
        });

        CompletableFuture<ConfigMap> answer =
                CompletableFuture.supplyAsync(() -> write(program, "journal", "1"));
        assertThat(received.await(10, TimeUnit.SECONDS)).isTrue();

        write(other, "elsewhere", "2");
        assertThat(answer).isNotDone();
        assertThat(data("journal")).isEmpty();
        assertThat(data("written-meanwhile")).isEqualTo("{n=1}");
        kube.release();
        assertThatThrownBy(() -> answer.get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class);
        assertThat(data("journal")).isEmpty();
    }

    /**
     * Over a bare socket, whose end the server sees the way it sees the end of a killed process.
     */
    @Test
    @SuppressWarnings("try") // closed early, as a kill does
    void aClientThatDiesAtTheHookHurtsNobodyElse() throws Exception {
        for (boolean answer : new boolean[] {false, true}) {
            String name = "journal-" + answer;
            try (Socket dying =
                    new Socket(
                            InetAddress.getLoopbackAddress(), URI.create(kube.url()).getPort())) {
                CountDownLatch dead = new CountDownLatch(1);
                Runnable kill =
                        () -> {
                            try {
                                dying.setSoLinger(true, 0);
                                dying.close();
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                            dead.countDown();
                        };
                kube.intercept(mutation ->
                        !mutation.touches("configmaps", name)
                                ? Verdict.PROCEED
                                : answer
                                        ? Verdict.persistThenAnswer(kill)
                                        : Verdict.persistThen(kill));
                String body =
                        "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"%s\"}}"
                                .formatted(name);
                dying.getOutputStream()
                        .write(
                                """
                                POST /api/v1/namespaces/mastodon/configmaps HTTP/1.1\r
                                Host: lab\r
                                Authorization: Bearer %s\r
                                Content-Type: application/json\r
                                Content-Length: %d\r
                                \r
                                %s\
                                """
                                        .formatted(kube.adminToken(), body.length(), body)
                                        .getBytes(StandardCharsets.UTF_8));
                assertThat(dead.await(10, TimeUnit.SECONDS)).isTrue();
            }
            assertThat(other.configMaps().withName(name).get()).isNotNull();
        }
        write(other, "afterwards", "1");
    }

    @Test
    void aChangeIsRefusedOrAnsweredAfterTheHook() {
        kube.intercept(mutation -> Verdict.fail(503));
        assertThatThrownBy(() -> write(program, "journal", "1"))
                .satisfies(e -> assertThat(ApiKubeTest.code(e)).isEqualTo(503));
        assertThat(data("journal")).isEmpty();

        AtomicReference<String> atTheHook = new AtomicReference<>("");
        kube.intercept(mutation -> Verdict.persistThenAnswer(() -> atTheHook.set(data("journal"))));
        write(program, "journal", "2");
        assertThat(atTheHook.get()).isEqualTo("{n=2}");
    }

    @Test
    void theNextRequestsThatMatchFailAndThenAllIsWell() {
        kube.fail(2, r -> r.path().contains("configmaps"), Fault.status(429));
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> program.configMaps().list())
                    .satisfies(e -> assertThat(ApiKubeTest.code(e)).isEqualTo(429));
        }
        assertThat(program.configMaps().list().getItems()).isEmpty();

        kube.fail(1, r -> r.method().equals("POST"), Fault.appliedThenStatus(504));
        assertThatThrownBy(() -> write(program, "journal", "1"))
                .satisfies(e -> assertThat(ApiKubeTest.code(e)).isEqualTo(504));
        assertThat(data("journal")).isEqualTo("{n=1}");
    }

    @Test
    void theClientRepeatsARequestItGotNoGoodAnswerTo() {
        kube.fail(1, r -> r.method().equals("POST"), Fault.appliedThenStatus(504));
        // the client's own retry meets what its first attempt left: a trap for whoever creates
        assertThatThrownBy(() -> write(other, "journal", "1"))
                .satisfies(e -> assertThat(ApiKubeTest.code(e)).isEqualTo(409));
    }

    private static ConfigMap write(KubernetesClient client, String name, String n) {
        return client.resource(
                        new ConfigMapBuilder()
                                .withNewMetadata()
                                .withNamespace("mastodon")
                                .withName(name)
                                .endMetadata()
                                .withData(Map.of("n", n))
                                .build())
                .create();
    }

    private String data(String name) {
        ConfigMap found = kube.client().configMaps().inNamespace("mastodon").withName(name).get();
        return found == null ? "" : found.getData().toString();
    }
}
