package dev.switchback.spec;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An HTTP call that the document asks for.
 *
 * @param method {@code POST} or {@code PUT}
 * @param headers beside {@code Content-Type}
 */
public record HttpCall(Given url, String method, Map<String, Given> headers) {

    /** What is wrong with a URL, without the URL; empty when it can be called. */
    public static Optional<String> problem(String url) {
        try {
            URI uri = new URI(url);
            if (uri.getHost() == null
                    || !Set.of("http", "https").contains(String.valueOf(uri.getScheme()))) {
                return Optional.of("is no http or https URL with a host");
            }
            return uri.getUserInfo() == null
                    ? Optional.empty()
                    : Optional.of("holds a login; put it into a header from a Secret");
        } catch (URISyntaxException e) {
            return Optional.of("is no URL: " + e.getReason());
        }
    }
}
