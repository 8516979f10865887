package dev.switchback.lab.traffic;

import dev.switchback.pg.Secret;
import dev.switchback.pg.Tls;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a pod learns from its environment at start, as Mastodon does: {@code DATABASE_URL}, or
 * {@code DB_HOST}, {@code DB_PORT}, {@code DB_NAME}, {@code DB_USER}, {@code DB_PASS}, {@code
 * DB_SSLMODE} (verify-full when absent) and {@code REPLICA_DB_HOST}.
 *
 * @param host the service name, also the name in the server's certificate
 * @param replicaHost service to read from, null when there is none
 */
record PodEnvironment(
        String host,
        String database,
        String user,
        Secret password,
        Tls.Mode tls,
        @Nullable String replicaHost) {

    /**
     * @throws IllegalArgumentException when something needed is missing; never shows a value
     */
    static PodEnvironment of(Map<String, String> env) {
        String url = env.get("DATABASE_URL");
        String replica = env.get("REPLICA_DB_HOST");
        if (replica != null && replica.isBlank()) {
            replica = null;
        }
        if (url != null) {
            URI uri = URI.create(url);
            String[] login = required(uri.getRawUserInfo(), "DATABASE_URL user").split(":", 2);
            if (login.length < 2) {
                throw new IllegalArgumentException("DATABASE_URL has no password");
            }
            String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
            return new PodEnvironment(
                    required(uri.getHost(), "DATABASE_URL host"),
                    decode(required(uri.getRawPath(), "DATABASE_URL database").substring(1)),
                    decode(login[0]),
                    Secret.of(decode(login[1])),
                    mode(
                            query.contains("sslmode=")
                                    ? query.replaceFirst(".*sslmode=([^&]*).*", "$1")
                                    : null),
                    replica);
        }
        return new PodEnvironment(
                required(env.get("DB_HOST"), "DB_HOST"),
                required(env.get("DB_NAME"), "DB_NAME"),
                required(env.get("DB_USER"), "DB_USER"),
                Secret.of(required(env.get("DB_PASS"), "DB_PASS")),
                mode(env.get("DB_SSLMODE")),
                replica);
    }

    private static Tls.Mode mode(@Nullable String name) {
        return name == null
                ? Tls.Mode.VERIFY_FULL
                : Tls.Mode.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static String required(@Nullable String value, String name) {
        if (value == null || value.isEmpty()) {
            throw new IllegalArgumentException("the pod's environment lacks " + name);
        }
        return value;
    }
}
