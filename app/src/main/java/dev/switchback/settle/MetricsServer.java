package dev.switchback.settle;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** Serves {@code GET /metrics}; nothing else, and nothing secret. */
public final class MetricsServer implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads;
    private final Supplier<? extends Collection<Sample>> samples;

    private MetricsServer(
            HttpServer server,
            ExecutorService threads,
            Supplier<? extends Collection<Sample>> samples) {
        this.server = server;
        this.threads = threads;
        this.samples = samples;
    }

    /**
     * @param address {@code ADDR:PORT}; port 0 takes a free one
     * @param samples asked at each scrape
     * @throws SwitchbackException METRICS_ADDRESS
     */
    public static MetricsServer start(
            String address, Supplier<? extends Collection<Sample>> samples) {
        try {
            HttpServer server = HttpServer.create(parse(address), 0);
            ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
            server.setExecutor(threads);
            MetricsServer started = new MetricsServer(server, threads, samples);
            server.createContext("/", started::answer);
            server.start();
            return started;
        } catch (IOException e) {
            throw refused(address, String.valueOf(e.getMessage()), e);
        }
    }

    private static InetSocketAddress parse(String address) {
        int colon = address.lastIndexOf(':');
        try {
            String host = address.substring(0, colon).replaceAll("^\\[|]$", "");
            int port = Integer.parseInt(address.substring(colon + 1));
            InetSocketAddress parsed = new InetSocketAddress(host, port);
            if (host.isEmpty() || parsed.isUnresolved()) {
                throw new IllegalArgumentException("no such address");
            }
            return parsed;
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw refused(address, "is not ADDR:PORT", e);
        }
    }

    private static SwitchbackException refused(String address, String what, Exception cause) {
        return new SwitchbackException(
                new Problem(
                        Code.METRICS_ADDRESS,
                        address,
                        "metrics cannot be served here: " + what,
                        "name a free address: 127.0.0.1:9187, or 0.0.0.0:9187 in a pod"),
                cause);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestURI().getPath().equals("/metrics")
                    || !exchange.getRequestMethod().equals("GET")) {
                send(exchange, 404, "text/plain", "see /metrics\n");
                return;
            }
            String text;
            try {
                text = Exposition.text(samples.get());
            } catch (SwitchbackException e) {
                // Prometheus shows the target as down: what cannot be read is never served as fine
                send(exchange, 503, "text/plain", e.problem().line() + "\n");
                return;
            }
            send(exchange, 200, Exposition.CONTENT_TYPE, text);
        }
    }

    private static void send(HttpExchange exchange, int status, String type, String text)
            throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    /** Where it listens: {@code 127.0.0.1:9187}. */
    public String address() {
        return server.getAddress().getAddress().getHostAddress()
                + ":"
                + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
