package dev.switchback.pg;

import java.util.Map;
import java.util.TreeMap;
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
 * @param login what only connection strings ask for
 */
public record ConnectionSpec(
        String host,
        @Nullable String hostAddress,
        int port,
        String database,
        String user,
        Secret password,
        Tls tls,
        String applicationName,
        LoginOptions login) {

    public ConnectionSpec(
            String host,
            @Nullable String hostAddress,
            int port,
            String database,
            String user,
            Secret password,
            Tls tls,
            String applicationName) {
        this(
                host,
                hostAddress,
                port,
                database,
                user,
                password,
                tls,
                applicationName,
                LoginOptions.DEFAULT);
    }

    public ConnectionSpec withDatabase(String name) {
        return new ConnectionSpec(
                host, hostAddress, port, name, user, password, tls, applicationName, login);
    }

    public ConnectionSpec withLogin(String role, Secret secret) {
        return new ConnectionSpec(
                host, hostAddress, port, database, role, secret, tls, applicationName, login);
    }

    public ConnectionSpec withApplicationName(String name) {
        return new ConnectionSpec(
                host, hostAddress, port, database, user, password, tls, name, login);
    }

    /** The same, its sessions starting with these settings too, whatever role or database say. */
    public ConnectionSpec withStartSettings(String settings) {
        return new ConnectionSpec(
                host,
                hostAddress,
                port,
                database,
                user,
                password,
                tls,
                applicationName,
                new LoginOptions(
                        (login.options() + " " + settings).strip(),
                        login.connectSeconds(),
                        login.channelBinding(),
                        login.certificate(),
                        login.key()));
    }

    /** For messages: {@code mastodon@database-rw.mastodon.svc:5432/mastodon}. */
    public String display() {
        return user + "@" + host + ":" + port + "/" + database;
    }

    /**
     * The same connection for a libpq program, as its environment: whatever is not named here, the
     * caller removes, so that nothing of a person's own {@code PG*} variables reaches the child.
     */
    public Map<String, String> clientEnvironment() {
        Map<String, String> env = new TreeMap<>();
        env.put("PGHOST", host);
        if (hostAddress != null) {
            env.put("PGHOSTADDR", hostAddress);
        }
        env.put("PGPORT", String.valueOf(port));
        env.put("PGUSER", user);
        env.put("PGDATABASE", database);
        if (!password.reveal().isEmpty()) {
            env.put("PGPASSWORD", password.reveal());
        }
        env.put("PGSSLMODE", tls.mode().libpq());
        if (tls.caFile() != null) {
            env.put("PGSSLROOTCERT", tls.caFile().toString());
        }
        if (login.certificate() != null && login.key() != null) {
            env.put("PGSSLCERT", login.certificate().toString());
            env.put("PGSSLKEY", login.key().toString());
        }
        if (login.channelBinding()) {
            env.put("PGCHANNELBINDING", "require");
        }
        if (!login.options().isEmpty()) {
            env.put("PGOPTIONS", login.options());
        }
        env.put("PGGSSENCMODE", "disable");
        env.put("PGCONNECT_TIMEOUT", String.valueOf(login.connectSeconds()));
        env.put("PGAPPNAME", applicationName);
        return env;
    }
}
