package dev.switchback.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.kube.Kube;
import dev.switchback.lab.kube.FakeKube;
import dev.switchback.lab.pg.Scratch;
import dev.switchback.spec.Given;
import dev.switchback.spec.HttpCall;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real HTTP servers that fail, refuse, hang, redirect, echo and are not trusted. */
@Timeout(60)
class CourierKubeTest {
    private static final String HIDDEN_PATH = "/services/T0PATH-B0-x9";
    private static final String HIDDEN_LOGIN = "Bearer hush-hush-42";
    private static final Duration SECOND = Duration.ofSeconds(1);

    private static Path folder;
    private static FakeKube api;
    private static Kube kube;

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private HttpServer server;
    private Courier courier;

    @BeforeAll
    static void startApi() {
        folder = Scratch.folder("courier");
        api = FakeKube.start();
        kube =
                Kube.connect(
                        Optional.of(api.kubeconfig(folder, api.adminToken(), "shop")),
                        Optional.empty());
    }

    @AfterAll
    static void stopApi() {
        kube.close();
        api.close();
        Scratch.delete(folder);
    }

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        courier = new Courier(kube, "shop");
        api.client()
                .resource(
                        new SecretBuilder()
                                .withNewMetadata()
                                .withNamespace("shop")
                                .withName("chat")
                                .endMetadata()
                                .addToStringData("url", url(HIDDEN_PATH) + "\n")
                                .addToStringData("login", HIDDEN_LOGIN)
                                .build())
                .serverSideApply();
    }

    @AfterEach
    void stop() {
        over.countDown();
        server.stop(0);
    }

    private String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    private interface Answer {
        int to(String body, HttpExchange exchange) throws IOException;
    }

    private void answer(String path, Answer answer, String text) {
        server.createContext(
                path,
                exchange -> {
                    String body =
                            new String(
                                    exchange.getRequestBody().readAllBytes(),
                                    StandardCharsets.UTF_8);
                    asked.add(exchange.getRequestMethod() + " " + path + " " + body);
                    int status = answer.to(body, exchange);
                    byte[] words = text.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(status, words.length == 0 ? -1 : words.length);
                    exchange.getResponseBody().write(words);
                    exchange.close();
                });
    }

    private HttpCall plain(String path) {
        return new HttpCall(new Given.Text(url(path)), "POST", Map.of());
    }

    private static HttpCall hidden() {
        return new HttpCall(
                new Given.FromSecret("chat", "url"),
                "POST",
                Map.of("Authorization", new Given.FromSecret("chat", "login")));
    }

    private String deliver(HttpCall call, int retries) throws InterruptedException {
        return courier.deliver(
                call, "{\"a\":1}", SECOND, retries, Code.ANNOUNCEMENT_FAILED, "announce.to[0]");
    }

    private SwitchbackException failure(HttpCall call, int retries) {
        return catchThrowableOfType(SwitchbackException.class, () -> deliver(call, retries));
    }

    @Test
    void aServerThatRecoversGetsItAndTheSecretsAreUsed() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        answer(
                HIDDEN_PATH,
                (body, exchange) -> {
                    assertThat(exchange.getRequestHeaders().getFirst("Authorization"))
                            .isEqualTo(HIDDEN_LOGIN);
                    exchange.getResponseHeaders().set("Retry-After", "0");
                    return tries.incrementAndGet() < 3 ? 503 : 204;
                },
                "");
        assertThat(deliver(hidden(), 3)).isEqualTo("204 after 3 tries");
        assertThat(asked).hasSize(3).allMatch(a -> a.endsWith(HIDDEN_PATH + " {\"a\":1}"));
    }

    @Test
    void whatASecretHoldsIsInNoMessageEvenWhenTheServerEchoesIt() {
        answer(
                HIDDEN_PATH,
                (body, exchange) -> 500,
                "no " + HIDDEN_LOGIN + " at " + url(HIDDEN_PATH) + " " + HIDDEN_PATH);
        SwitchbackException failed = failure(hidden(), 0);
        assertThat(failed.code()).isEqualTo(Code.ANNOUNCEMENT_FAILED);
        assertThat(failed.problem().line())
                .contains("announce.to[0]", "answered 500: no *** at")
                .doesNotContain("hush", "T0PATH");
    }

    @Test
    void aRefusalIsNotTriedAgainAndARedirectNotFollowed() {
        answer("/refuses", (body, exchange) -> 403, "invalid_token");
        assertThat(failure(plain("/refuses"), 5).problem().what())
                .contains("answered 403: invalid_token");
        answer(
                "/moved",
                (body, exchange) -> {
                    exchange.getResponseHeaders().set("Location", url("/elsewhere"));
                    return 307;
                },
                "");
        answer("/elsewhere", (body, exchange) -> 200, "");
        assertThat(failure(plain("/moved"), 5).problem().what()).contains("answered 307");
        assertThat(asked).hasSize(2);
    }

    @Test
    void aServerThatHangsAndOneThatIsNotThereAreToldInTime() throws Exception {
        answer(
                "/hangs",
                (body, exchange) -> {
                    try {
                        over.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return 200;
                },
                "");
        assertThat(failure(plain("/hangs"), 0).problem().what()).contains("no answer within 1 s");
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        HttpCall nobody =
                new HttpCall(new Given.Text("http://127.0.0.1:" + free + "/"), "POST", Map.of());
        assertThat(failure(nobody, 1).problem().what())
                .contains("connection refused, after 2 tries");
    }

    @Test
    void aCertificateThatNobodyTrustsIsRefused() {
        HttpCall untrusted =
                new HttpCall(new Given.Text(api.secureUrl().toString()), "POST", Map.of());
        assertThat(failure(untrusted, 0).problem().what()).containsIgnoringCase("certif");
    }

    @Test
    void aSecretOrAKeyThatIsMissingIsNamed() {
        HttpCall call = new HttpCall(new Given.FromSecret("chat", "other"), "POST", Map.of());
        assertThatThrownBy(() -> deliver(call, 0))
                .hasMessageContaining("no Secret shop/chat with the key other");
        assertThatThrownBy(() -> courier.host(call, Code.CANNOT_ANNOUNCE, "spec.announce.to[0]"))
                .isInstanceOfSatisfying(
                        SwitchbackException.class,
                        e -> assertThat(e.code()).isEqualTo(Code.CANNOT_ANNOUNCE));
    }
}
