package dev.switchback.pg;

import org.jspecify.annotations.Nullable;

/**
 * Everything needed to open a session, for the driver and for libpq programs alike.
 *
 * @param host the name the server's certificate is checked against, for example {@code
 *     database-rw.mastodon.svc}
 * @param hostAddress the address to connect to when {@code host} does not resolve here (libpq's
 *     {@code hostaddr})
 * @param port TCP port
 * @param database database name
 * @param user role
 * @param password its password
 * @param tls protection
 * @param applicationName as seen in {@code pg_stat_activity}; ours are {@code
 *     switchback/<run>/<step>}
 */
public record ConnectionSpec(
        String host,
        @Nullable String hostAddress,
        int port,
        String database,
        String user,
        Secret password,
        Tls tls,
        String applicationName) {

    public ConnectionSpec withDatabase(String name) {
        return new ConnectionSpec(
                host, hostAddress, port, name, user, password, tls, applicationName);
    }

    public ConnectionSpec withLogin(String role, Secret secret) {
        return new ConnectionSpec(
                host, hostAddress, port, database, role, secret, tls, applicationName);
    }

    public ConnectionSpec withApplicationName(String name) {
        return new ConnectionSpec(host, hostAddress, port, database, user, password, tls, name);
    }

    /** For messages: {@code mastodon@database-rw.mastodon.svc:5432/mastodon}. */
    public String display() {
        return user + "@" + host + ":" + port + "/" + database;
    }
}
