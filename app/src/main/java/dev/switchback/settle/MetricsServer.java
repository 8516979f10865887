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
            boolean metrics = exchange.getRequestURI().getPath().equals("/metrics");
            boolean read = exchange.getRequestMethod().equals("GET");
            byte[] body =
                    (metrics && read
                                    ? Exposition.text(samples.get())
                                    : "switchback: see /metrics\n")
                            .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders()
                    .set("Content-Type", metrics ? Exposition.CONTENT_TYPE : "text/plain");
            exchange.sendResponseHeaders(metrics && read ? 200 : 404, body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        } catch (SwitchbackException e) {
            // Prometheus shows the target as down: what cannot be read is never served as fine
            exchange.sendResponseHeaders(503, -1);
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
