package dev.switchback.workload;

import dev.switchback.pg.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A {@code postgres://user:password@host:port/database?…} value. */
record DatabaseUrl(
        String host, Optional<String> user, Optional<Secret> password, Optional<String> database) {

    static Optional<DatabaseUrl> parse(String text) {
        if (!text.contains("://")) {
            return Optional.empty();
        }
        try {
            URI uri = new URI(text);
            if (uri.getHost() == null) {
                return Optional.empty();
            }
            String[] login =
                    uri.getRawUserInfo() == null
                            ? new String[0]
                            : uri.getRawUserInfo().split(":", 2);
            String path = uri.getPath() == null ? "" : uri.getPath().replaceFirst("^/", "");
            return Optional.of(
                    new DatabaseUrl(
                            uri.getHost(),
                            login.length > 0 ? Optional.of(decode(login[0])) : Optional.empty(),
                            login.length > 1
                                    ? Optional.of(Secret.of(decode(login[1])))
                                    : Optional.empty(),
                            path.isEmpty() ? Optional.empty() : Optional.of(path)));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
