package dev.switchback.lab.browser;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchback.lab.Await;
import dev.switchback.lab.pg.Scratch;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One tab of a headless Chromium, over the DevTools protocol. */
public final class Chromium implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern LISTENING = Pattern.compile("DevTools listening on (ws://\\S+)");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path folder;
    private final Process process;
    private final WebSocket socket;
    private final Map<Integer, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
    private final AtomicInteger ids = new AtomicInteger();
    private final Semaphore loaded = new Semaphore(0);
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private @Nullable String session;

    private Chromium(Path folder, Process process, URI address) {
        this.folder = folder;
        this.process = process;
        this.socket =
                HttpClient.newHttpClient()
                        .newWebSocketBuilder()
                        .buildAsync(address, new Ear())
                        .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                        .join();
    }

    /** Where Debian and others put it. */
    public static Optional<Path> program() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .flatMap(f ->
                        Stream.of("chromium", "chromium-browser", "google-chrome")
                                .map(name -> Path.of(f, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * @param program {@link #program}
     */
    public static Chromium start(Path program) throws Exception {
        Path folder = Scratch.folder("chromium");
        Path err = folder.resolve("err");
        Process process =
                new ProcessBuilder(
                                program.toString(),
                                "--headless",
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-dev-shm-usage",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--hide-scrollbars",
                                "--remote-debugging-port=0",
                                "--user-data-dir=" + folder.resolve("profile"),
                                "about:blank")
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(err.toFile())
                        .start();
        Await.until(
                "Chromium listens",
                PATIENCE,
                () -> LISTENING.matcher(Files.readString(err)).find());
        Matcher address = LISTENING.matcher(Files.readString(err));
        if (!address.find()) {
            throw new IllegalStateException(Files.readString(err));
        }
        Chromium browser = new Chromium(folder, process, URI.create(address.group(1)));
        String target =
                browser.call("Target.createTarget", Map.of("url", "about:blank"))
                        .path("targetId")
                        .asText();
        browser.session =
                browser.call("Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                        .path("sessionId")
                        .asText();
        for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
            browser.call(domain + ".enable", Map.of());
        }
        return browser;
    }

    /**
     * Loads a page.
     *
     * @param scheme {@code light} or {@code dark}
     * @param scripts whether the page's own run
     */
    public void show(URI page, int width, int height, String scheme, boolean scripts)
            throws InterruptedException {
        complaints.clear();
        requests.clear();
        call(
                "Emulation.setDeviceMetricsOverride",
                Map.of(
                        "width",
                        width,
                        "height",
                        height,
                        "deviceScaleFactor",
                        1,
                        "mobile",
                        width < 500));
        call(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
        call("Emulation.setScriptExecutionDisabled", Map.of("value", !scripts));
        loaded.drainPermits();
        call("Page.navigate", Map.of("url", page.toString()));
        if (!loaded.tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("not loaded: " + page);
        }
    }

    /** What an expression answers, in the page. */
    public JsonNode evaluate(String expression) {
        JsonNode answer =
                call("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true));
        if (answer.has("exceptionDetails")) {
            throw new AssertionError(answer.path("exceptionDetails").toString());
        }
        return answer.path("result").path("value");
    }

    /** The whole page, however long it is. */
    public void screenshot(Path file) throws IOException {
        String data =
                call(
                                "Page.captureScreenshot",
                                Map.of("format", "png", "captureBeyondViewport", true))
                        .path("data")
                        .asText();
        Files.createDirectories(file.getParent());
        Files.write(file, Base64.getDecoder().decode(data));
    }

    /** The page as it is printed. */
    public void print(Path file) throws IOException {
        String data = call("Page.printToPDF", Map.of()).path("data").asText();
        Files.write(file, Base64.getDecoder().decode(data));
    }

    /** Errors and exceptions since the page was asked for. */
    public List<String> complaints() {
        return complaints;
    }

    /** Everything that was asked for since. */
    public List<String> requests() {
        return requests;
    }

    private JsonNode call(String method, Map<String, Object> parameters) {
        int id = ids.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        asked.put(id, answer);
        ObjectNode message = JSON.createObjectNode();
        message.put("id", id).put("method", method).set("params", JSON.valueToTree(parameters));
        if (session != null) {
            message.put("sessionId", session);
        }
        socket.sendText(message.toString(), true).join();
        JsonNode said = answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        if (said.has("error")) {
            throw new AssertionError(method + ": " + said.path("error"));
        }
        return said.path("result");
    }

    private final class Ear implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(
                WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                heard(text.toString());
                text.setLength(0);
            }
            from.request(1);
            return null;
        }
    }

    private void heard(String message) {
        JsonNode said;
        try {
            said = JSON.readTree(message);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(message, e);
        }
        if (said.has("id")) {
            CompletableFuture<JsonNode> answer = asked.remove(said.path("id").asInt());
            if (answer != null) {
                answer.complete(said);
            }
            return;
        }
        JsonNode what = said.path("params");
        switch (said.path("method").asText()) {
            case "Page.loadEventFired" -> loaded.release();
            case "Network.requestWillBeSent" ->
                    requests.add(what.path("request").path("url").asText());
            case "Log.entryAdded" -> complaints.add(what.path("entry").toString());
            case "Runtime.exceptionThrown", "Runtime.consoleAPICalled" ->
                    complaints.add(what.toString());
            default -> {}
        }
    }

    @Override
    public void close() {
        socket.abort();
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        Scratch.delete(folder);
    }
}
