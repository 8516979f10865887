package dev.switchback.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.switchback.engine.JournalJson;
import dev.switchback.engine.JournalState;
import dev.switchback.engine.Outcome;
import dev.switchback.engine.RunResult;
import dev.switchback.engine.Runbook;
import dev.switchback.engine.Told;
import dev.switchback.fault.Code;
import dev.switchback.lab.Await;
import dev.switchback.lab.demo.Lab;
import dev.switchback.lab.kube.MastodonCluster;
import dev.switchback.notify.Announcer;
import dev.switchback.spec.DocumentReader;
import dev.switchback.spec.HookMoment;
import dev.switchback.spec.Migration;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * One world through all moments: a closed window, a cutover that fails, a hook that holds the next,
 * a migration, the day after, and the way back with data. A script and a real HTTP server note what
 * they get.
 */
@Tag("boundaries")
@Timeout(300)
class TellKubeTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String HIDDEN_PATH = "/services/T0HIDDEN";
    private static final String HIDDEN_LOGIN = "Bearer hush-hush-42";

    private final List<String> slack = new CopyOnWriteArrayList<>();
    private final List<JsonNode> announced = new CopyOnWriteArrayList<>();
    private final List<JsonNode> hooked = new CopyOnWriteArrayList<>();
    private final CountDownLatch serves = new CountDownLatch(1);
    private volatile int gateAnswers = 200;
    private HttpServer server;
    private OnlineRig online;
    private Path folder;

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext(HIDDEN_PATH, e -> answer(e, 200, b -> slack.add(text(b))));
        server.createContext("/announce", this::announce);
        server.createContext("/gate", e -> answer(e, gateAnswers, hooked::add));
        server.start();
        online = new OnlineRig();
        folder = online.rig.lab.folder();
        Files.writeString(
                folder.resolve("note.sh"),
                """
                env > called-$SWITCHBACK_ATTEMPT-$SWITCHBACK_MOMENT
                echo $SWITCHBACK_ATTEMPT $SWITCHBACK_MOMENT >> called
                """);
        online.rig
                .lab
                .kube()
                .client()
                .resource(
                        new SecretBuilder()
                                .withNewMetadata()
                                .withNamespace(MastodonCluster.NAMESPACE)
                                .withName("chat")
                                .endMetadata()
                                .addToStringData("url", url(HIDDEN_PATH))
                                .addToStringData("login", HIDDEN_LOGIN)
                                .build())
                .create();
    }

    @AfterEach
    void stop() {
        serves.countDown();
        online.close();
        server.stop(0);
    }

    private String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    private static String text(JsonNode body) {
        return body.path("text").asText();
    }

    private static void answer(
            HttpExchange exchange, int status, java.util.function.Consumer<JsonNode> to)
            throws IOException {
        to.accept(
                JSON.readTree(
                        new String(
                                exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    /** An abort is not answered until the source serves again: who waits for it waits for ever. */
    private void announce(HttpExchange exchange) throws IOException {
        assertThat(exchange.getRequestHeaders().getFirst("Authorization")).isEqualTo(HIDDEN_LOGIN);
        answer(
                exchange,
                200,
                body -> {
                    announced.add(body);
                    if (body.path("moment").asText().equals("abort")) {
                        try {
                            assertThat(serves.await(60, TimeUnit.SECONDS)).isTrue();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    }
                });
    }

    private String document() {
        StringBuilder text =
                new StringBuilder(
                        Lab.DOCUMENT.replace("strategy: offline", "strategy: online")
                                + """
                                  announce:
                                    to:
                                      - slack: {url: {secret: chat, key: url}}
                                      - webhook: {url: "%s", headers: {Authorization: {secret: chat, key: login}}}
                                    retries: 0
                                    timeout: 60s
                                    progress: 5%%
                                    templates: {t-0: "<b> {{migration}} stops, {{phase}}"}
                                  hooks:
                                """
                                        .formatted(url("/announce")));
        for (HookMoment moment : HookMoment.values()) {
            text.append("    - {at: ")
                    .append(moment.word())
                    .append(", command: [sh, note.sh], onFailure: block}\n");
        }
        return text.append("    - {at: before-cutover, onFailure: block, http: {url: \"")
                .append(url("/gate"))
                .append("\"}}\n")
                .toString();
    }

    private Migration migration(String more) throws IOException {
        return DocumentReader.read(
                Files.writeString(folder.resolve("told.yaml"), document() + more));
    }

    private Stage stage(Migration migration) {
        return Stage.open(
                migration,
                new Stage.Connect(Optional.of(online.rig.lab.kubeconfig()), Optional.empty(), true),
                online.rig.events::add);
    }

    private RunResult migrate(Migration migration, UnaryOperator<Runbook> change) {
        try (Stage stage = stage(migration)) {
            return stage.run(change.apply(stage.runbook()), options -> options).forward();
        }
    }

    private List<String> called(int attempt) throws IOException {
        return Files.readAllLines(folder.resolve("called")).stream()
                .filter(line -> line.startsWith(attempt + " "))
                .map(line -> line.substring(2))
                .toList();
    }

    private List<String> moments() {
        return announced.stream().map(a -> a.path("moment").asText()).toList();
    }

    @Test
    void eachMomentReallyCallsAndAnnouncesOnceAnAttempt() throws Exception {
        RunResult closed =
                migrate(
                        migration(
                                "  window: {utc: \"00:00-00:00\", blackout: [\"2000-01-01/2999-01-01\"]}\n"),
                        book -> book);
        assertThat(closed.outcome()).as("%s", closed.problems()).isEqualTo(Outcome.WAITING);
        assertThat(closed.problems().getFirst().what()).contains("SB-640");
        assertThat(called(1))
                .containsExactly(
                        "before-check",
                        "after-check",
                        "before-prepare",
                        "after-prepare",
                        "before-sync",
                        "after-sync");

        aCutoverThatFailsIsToldBesideItsPuttingBack();
        aHookThatRefusesHoldsTheCutoverAndIsAskedAgain();
        theDayAfterAndTheWayBack();
        nothingThatASecretHoldsIsAnywhere();
    }

    private void aCutoverThatFailsIsToldBesideItsPuttingBack() throws Exception {
        Migration migration = migration("");
        CompletableFuture<RunResult> failing =
                CompletableFuture.supplyAsync(
                        () -> migrate(migration, book -> Drill.failAt(book, "switch-endpoints")));
        Await.until(
                "the abort is being announced",
                Duration.ofSeconds(90),
                () -> moments().contains("abort"));
        Await.until(
                "the service is put back while nobody answers",
                Duration.ofSeconds(60),
                () -> online.rig.lab.replicas().equals(online.rig.lab.originalReplicas()));
        assertThat(failing.isDone()).isFalse();
        serves.countDown();
        assertThat(failing.get(90, TimeUnit.SECONDS).outcome()).isEqualTo(Outcome.RELEASED);
        assertThat(called(1)).endsWith("after-sync", "before-cutover", "on-abort", "after-abort");
        assertThat(moments())
                .as("%s", online.rig.events)
                .containsSubsequence("progress", "t-0", "abort", "abort-end");
        assertThat(moments()).doesNotContain("completion", "t-1h");
        assertThat(slack).contains("<b> mastodon stops, cutover");
        JsonNode end = announced.getLast();
        assertThat(end.path("apiVersion").asText()).isEqualTo("switchback.dev/tell-v1");
        assertThat(end.path("result").asText()).isEqualTo("released");
        assertThat(end.path("liveSide").asText()).isEqualTo("source");
    }

    private void aHookThatRefusesHoldsTheCutoverAndIsAskedAgain() throws Exception {
        gateAnswers = 503;
        announced.clear();
        RunResult held = migrate(migration(""), book -> book);
        assertThat(held.outcome()).as("%s", held.problems()).isEqualTo(Outcome.WAITING);
        assertThat(held.problems().getFirst().code()).isEqualTo(Code.HOOK_FAILED);
        online.assertOpenOnTheOldSideWithAHealthyLink();
        assertThat(moments()).doesNotContain("t-0", "abort");

        gateAnswers = 200;
        Instant soon = Instant.now().plusSeconds(6);
        RunResult done = migrate(migration("").withCutoverAt(Optional.of(soon)), book -> book);
        assertThat(done.outcome()).as("%s", done.problems()).isEqualTo(Outcome.COMPLETED);
        assertThat(called(2))
                .containsExactly(
                        "before-check",
                        "after-check",
                        "before-prepare",
                        "after-prepare",
                        "before-sync",
                        "after-sync",
                        "before-cutover",
                        "after-cutover",
                        "before-settle",
                        "after-settle");
        assertThat(hooked).hasSize(3);
        assertThat(moments()).containsSubsequence("t-1h", "t-0", "progress", "completion");
        assertThat(moments()).doesNotContain("t-24h", "abort");
        JsonNode completion = announced.getLast();
        assertThat(completion.path("liveSide").asText()).isEqualTo("target");
        assertThat(completion.path("rollback").asText()).isEqualTo("withData");
        assertThat(completion.path("times").path("downtimeSeconds").asDouble()).isPositive();
        assertThat(done.state().tellings())
                .filteredOn(t -> t.what().startsWith("announcement t-24h"))
                .isNotEmpty()
                .allMatch(t -> t.result().startsWith("skipped"));
        assertThat(done.state().step("stop-writers").orElseThrow().startedAt())
                .isAfterOrEqualTo(soon);
        assertThat(environment(2, "before-cutover"))
                .contains(
                        "SWITCHBACK_PHASE=cutover",
                        "SWITCHBACK_LIVE_SIDE=source",
                        "SWITCHBACK_STRATEGY=online",
                        "SWITCHBACK_ROLLBACK=free");
        assertThat(environment(2, "after-cutover")).contains("SWITCHBACK_LIVE_SIDE=target");
    }

    private void theDayAfterAndTheWayBack() throws Exception {
        Migration migration = migration("");
        announced.clear();
        try (Stage stage = stage(migration)) {
            Announcer announcer = stage.announcer();
            JournalState state = stage.requireState();
            Instant due = Announcer.dayAfter(state, stage.runbook()).orElseThrow();
            List<String> found = List.of("alert error-rate fired");
            assertThat(announcer.due(state, stage.runbook(), due.minusSeconds(1), found)).isZero();
            assertThat(announcer.due(state, stage.runbook(), due, found)).isEqualTo(2);
            assertThat(announcer.due(stage.requireState(), stage.runbook(), due, found)).isZero();
        }
        assertThat(moments()).containsExactly("t+24h");
        assertThat(announced.getFirst().path("issues").path(0).asText())
                .isEqualTo("alert error-rate fired");
        try (Stage stage = stage(migration)) {
            RunResult back =
                    stage.run(stage.wayBack(stage.requireState()), options -> options).forward();
            assertThat(back.outcome()).as("%s", back.problems()).isEqualTo(Outcome.COMPLETED);
            assertThat(back.state().tellings())
                    .extracting(Told::what)
                    .contains("hook on-rollback hooks[14]", "hook after-rollback hooks[15]");
        }
        online.rig.assertSourceServes();
        assertThat(called(2)).endsWith("on-rollback", "after-rollback");
        assertThat(moments()).containsExactly("t+24h", "rollback", "rollback-end");
        assertThat(environment(2, "on-rollback")).contains("SWITCHBACK_LIVE_SIDE=target");
        assertThat(environment(2, "after-rollback"))
                .contains("SWITCHBACK_RESULT=returned", "SWITCHBACK_LIVE_SIDE=source");
    }

    private List<String> environment(int attempt, String moment) throws IOException {
        return Files.readAllLines(folder.resolve("called-" + attempt + "-" + moment));
    }

    private void nothingThatASecretHoldsIsAnywhere() {
        List<String> texts = new ArrayList<>();
        texts.add(JournalJson.write(online.rig.journal()));
        online.rig.events.forEach(event -> texts.add(event.toString()));
        announced.forEach(body -> texts.add(body.toString()));
        assertThat(texts)
                .allSatisfy(text -> assertThat(text).doesNotContain("T0HIDDEN", "hush-hush"));
    }
}
