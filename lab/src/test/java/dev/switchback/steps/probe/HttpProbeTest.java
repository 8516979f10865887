package dev.switchback.steps.probe;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.switchback.engine.Facts;
import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.lab.kube.FakeKube;
import dev.switchback.spec.Probes.Http;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real HTTP servers that serve, refuse, hang and are not trusted. */
@Timeout(60)
class HttpProbeTest {
    private static final Duration BUDGET = Duration.ofSeconds(2);

    private final List<String> proven = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private HttpServer server;

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    @AfterEach
    void stop() {
        over.countDown();
        server.stop(0);
    }

    private List<Problem> ask(URI url, int expect, Duration timeout) throws InterruptedException {
        return new HttpProbe(List.of(new Http(url, expect, timeout)), BUDGET)
                .ask(new Watched(notes), proven);
    }

    private URI url(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    @Test
    void aServerThatNeedsAMomentPasses() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        server.createContext(
                "/health",
                exchange -> {
                    exchange.sendResponseHeaders(asked.incrementAndGet() < 3 ? 503 : 204, -1);
                    exchange.close();
                });
        assertThat(ask(url("/health"), 204, Duration.ofSeconds(5))).isEmpty();
        assertThat(proven).containsExactly(url("/health") + " answered 204");
        assertThat(notes).containsExactly(url("/health") + " answered 503; trying again");
    }

    @Test
    void aWrongStatusIsToldWithTheLastAnswerAndARedirectIsNotFollowed() throws Exception {
        server.createContext(
                "/",
                exchange -> {
                    exchange.getResponseHeaders().add("Location", "/elsewhere");
                    exchange.sendResponseHeaders(
                            exchange.getRequestURI().getPath().equals("/elsewhere") ? 200 : 302,
                            -1);
                    exchange.close();
                });
        List<Problem> problems = ask(url("/health"), 200, Duration.ofSeconds(5));
        assertThat(problems)
                .singleElement()
                .satisfies(p -> {
                    assertThat(p.code()).isEqualTo(Code.PROBE_HTTP);
                    assertThat(p.object()).isEqualTo(url("/health").toString());
                    assertThat(p.what()).startsWith("answered 302; expected 200");
                    assertThat(p.remedy()).contains("switchback rollback");
                });
    }

    @Test
    void aServerThatHangsBeforeOrInsideItsAnswerIsBoundedAndNamed() throws Exception {
        server.createContext("/silent", exchange -> await(over));
        server.createContext(
                "/half",
                exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    exchange.getResponseBody().write('x');
                    exchange.getResponseBody().flush();
                    await(over);
                });
        for (String path : List.of("/silent", "/half")) {
            assertThat(ask(url(path), 200, Duration.ofMillis(300)))
                    .singleElement()
                    .extracting(Problem::what)
                    .asString()
                    .startsWith("hangs: no whole answer within 300 ms");
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aRefusedConnectionAndAnUntrustedCertificateAreTold() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        assertThat(ask(URI.create("http://127.0.0.1:" + free), 200, Duration.ofSeconds(1)))
                .singleElement()
                .extracting(Problem::what)
                .asString()
                .startsWith("could not be asked");
        try (FakeKube kube = FakeKube.start()) {
            assertThat(ask(kube.secureUrl(), 200, Duration.ofSeconds(5)))
                    .singleElement()
                    .extracting(Problem::what)
                    .asString()
                    .contains("certification path");
        }
    }

    private record Watched(List<String> notes) implements StepContext {
        @Override
        public String runId() {
            return "test";
        }

        @Override
        public String migrationUid() {
            return "test";
        }

        @Override
        public int attempt() {
            return 1;
        }

        @Override
        public Facts captured() {
            return Facts.NONE;
        }

        @Override
        public Optional<Facts> evidenceOf(String stepId) {
            return Optional.empty();
        }

        @Override
        public void evidence(Facts facts) {}

        @Override
        public void note(String text) {
            notes.add(text);
        }

        @Override
        public void checkpoint() {}

        @Override
        public AutoCloseable onStop(Runnable hook) {
            return () -> {};
        }
    }
}
