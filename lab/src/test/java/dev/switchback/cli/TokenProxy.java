package dev.switchback.cli;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** Adds a token to every request: kubectl sends none to a server without TLS. */
final class TokenProxy implements AutoCloseable {
    private final HttpClient client = HttpClient.newHttpClient();
    private final HttpServer front;

    TokenProxy(String url, String token) throws IOException {
        front = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        front.createContext(
                "/",
                exchange -> {
                    HttpRequest.Builder request =
                            HttpRequest.newBuilder(URI.create(url + exchange.getRequestURI()))
                                    .header("Authorization", "Bearer " + token)
                                    .method(
                                            exchange.getRequestMethod(),
                                            BodyPublishers.ofByteArray(
                                                    exchange.getRequestBody().readAllBytes()));
                    for (String header : new String[] {"Accept", "Content-Type"}) {
                        if (exchange.getRequestHeaders().containsKey(header)) {
                            request.header(header, exchange.getRequestHeaders().getFirst(header));
                        }
                    }
                    try {
                        HttpResponse<byte[]> answer =
                                client.send(request.build(), BodyHandlers.ofByteArray());
                        answer.headers()
                                .firstValue("Content-Type")
                                .ifPresent(
                                        t -> exchange.getResponseHeaders().add("Content-Type", t));
                        exchange.sendResponseHeaders(
                                answer.statusCode(),
                                answer.body().length == 0 ? -1 : answer.body().length);
                        exchange.getResponseBody().write(answer.body());
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } finally {
                        exchange.close();
                    }
                });
        front.start();
    }

    String url() {
        return "http://127.0.0.1:" + front.getAddress().getPort();
    }

    @Override
    public void close() {
        front.stop(0);
        client.close();
    }
}
