package dev.switchback.spec;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/** How the applications are asked whether they serve. */
public record Probes(List<Http> http) {
    public static final Probes NONE = new Probes(List.of());

    /**
     * One request.
     *
     * @param expect the status code that means "serves"
     * @param timeout of one try
     */
    public record Http(URI url, int expect, Duration timeout) {}
}
