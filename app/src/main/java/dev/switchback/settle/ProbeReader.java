package dev.switchback.settle;

import dev.switchback.spec.Probes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;

/** Asks each URL of {@code spec.probes.http} once: do the applications' functions work? */
final class ProbeReader implements Reader {
    static final String NAME = "probes";

    private final List<Probes.Http> probes;

    ProbeReader(Probes probes) {
        this.probes = probes.http();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void read(Look look, Past past) throws InterruptedException {
        if (probes.isEmpty()) {
            return;
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (Probes.Http probe : probes) {
                ask(look, client, probe);
            }
        }
    }

    private static void ask(Look look, HttpClient client, Probes.Http probe)
            throws InterruptedException {
        try {
            int status =
                    client.send(
                                    HttpRequest.newBuilder(probe.url())
                                            .timeout(probe.timeout())
                                            .build(),
                                    HttpResponse.BodyHandlers.discarding())
                            .statusCode();
            if (status == probe.expect()) {
                look.put(Metric.PROBE_UP, 1, "url", plain(probe.url()));
            } else {
                String words = "answers " + status + ", not " + probe.expect();
                look.say(Metric.PROBE_UP, 0, words, "url", plain(probe.url()));
            }
        } catch (IOException e) {
            String words = "does not answer: " + e.getClass().getSimpleName();
            look.say(Metric.PROBE_UP, 0, words, "url", plain(probe.url()));
        }
    }

    /** Without what may be secret in it: user, password, query. */
    private static String plain(URI url) {
        return url.getScheme()
                + "://"
                + url.getHost()
                + (url.getPort() < 0 ? "" : ":" + url.getPort())
                + (url.getPath() == null ? "" : url.getPath());
    }
}
