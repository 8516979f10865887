package dev.switchback.lab.kube;

import io.fabric8.mockwebserver.dsl.HttpMethod;
import io.fabric8.mockwebserver.http.Buffer;
import io.fabric8.mockwebserver.http.Headers;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.fabric8.mockwebserver.vertx.ServerWebSocketHandler;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * HTTP on a free port of 127.0.0.1. The mock's own server answers every connection on one event
 * loop, where a held answer would hold everybody; here each request runs on a virtual thread and an
 * answer may never come. Watches are websockets, handed to the mock.
 */
final class HttpFront implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpFront.class);

    private final ApiServer api;
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
    private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<HttpConnection> held = ConcurrentHashMap.newKeySet();
    private final HttpServer server;

    HttpFront(ApiServer api) {
        this.api = api;
        server =
                vertx.createHttpServer(
                                new HttpServerOptions()
                                        .setHost("127.0.0.1")
                                        .setPort(0)
                                        .setHttp2ClearTextEnabled(false))
                        .requestHandler(this::receive);
        await(server.listen());
    }

    int port() {
        return server.actualPort();
    }

    /** Cuts the connections whose requests are never answered. */
    void release() {
        held.removeIf(connection -> {
            connection.close();
            return true;
        });
    }

    @Override
    public void close() {
        release();
        requests.shutdownNow();
        await(vertx.close());
    }

    private void receive(HttpServerRequest http) {
        String upgrade = http.getHeader("Upgrade");
        if (upgrade != null && upgrade.toLowerCase(Locale.ROOT).contains("websocket")) {
            // has to be decided on the event loop, before the request is read
            watch(http);
            return;
        }
        http.body()
                .onSuccess(body ->
                        requests.execute(() -> serve(http, body.toString(StandardCharsets.UTF_8))))
                .onFailure(gone -> LOG.debug("a request ended before its body did", gone));
    }

    private void serve(HttpServerRequest http, String body) {
        try {
            Optional<Answer> answer = api.handle(incoming(http, body));
            if (answer.isPresent()) {
                send(http, answer.get());
            } else {
                held.add(http.connection());
                http.connection().closeHandler(closed -> held.remove(http.connection()));
            }
        } catch (RuntimeException | Error e) {
            LOG.error("the lab failed at {} {}", http.method(), http.uri(), e);
            send(http, Answer.failure(500, "InternalError", "the lab failed: " + e));
        }
    }

    /** To nobody, when the client has gone meanwhile: tests kill it on purpose. */
    private static void send(HttpServerRequest http, Answer answer) {
        if (http.response().closed() || http.response().ended()) {
            return;
        }
        http.response()
                .setStatusCode(answer.status())
                .putHeader(
                        "Content-Type",
                        answer.body().isTextual() ? "text/plain" : "application/json")
                .end(
                        answer.body().isTextual()
                                ? answer.body().textValue()
                                : answer.body().toString());
    }

    private void watch(HttpServerRequest http) {
        Optional<Answer> refusal = api.refusal(incoming(http, ""));
        if (refusal.isPresent()) {
            http.resume();
            send(http, refusal.get());
            return;
        }
        RecordedRequest recorded =
                new RecordedRequest(
                        "HTTP/1.1",
                        HttpMethod.GET,
                        http.uri(),
                        Headers.builder().addAll(http.headers()).build(),
                        new Buffer());
        ServerWebSocketHandler handler =
                new ServerWebSocketHandler(recorded, api.store.handleWatch(http.uri()));
        http.toWebSocket()
                .onSuccess(handler)
                .onFailure(refused -> LOG.debug("a watch was not opened", refused));
    }

    private static ApiServer.Incoming incoming(HttpServerRequest http, String body) {
        List<String> type = http.headers().getAll("Content-Type");
        return new ApiServer.Incoming(
                http.method().name(),
                http.uri(),
                http.getHeader("Authorization"),
                type.isEmpty()
                        ? "application/json"
                        : type.getFirst().replaceFirst(";.*", "").strip(),
                body);
    }

    private static void await(Future<?> future) {
        try {
            future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (java.util.concurrent.ExecutionException
                | java.util.concurrent.TimeoutException e) {
            throw new IllegalStateException("the API server did not start or stop", e);
        }
    }
}
