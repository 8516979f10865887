package dev.switchback.lab.traffic;

import dev.switchback.lab.pg.Scratch;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Tls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.postgresql.PGConnection;

/**
 * Opens the sessions of one pod or client and can cut them all, as the death of the process would.
 */
final class PodConnector implements AutoCloseable {
    private final String pod;
    private final Supplier<PodSettings> settings;
    private final Function<String, Optional<HostPort>> resolver;
    private final Duration silence;
    private final Path folder;
    private final Map<String, Path> caFiles = new HashMap<>();
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private volatile boolean cut;

    /**
     * @param settings read anew for each session; a pod always answers the same
     */
    PodConnector(
            String pod,
            Supplier<PodSettings> settings,
            Function<String, Optional<HostPort>> resolver,
            Duration silence) {
        this.pod = pod;
        this.settings = settings;
        this.resolver = resolver;
        this.silence = silence;
        this.folder = Scratch.folder("pod");
    }

    /** A session on the host that the application writes to. */
    Connection open() throws SQLException {
        PodSettings now = settings.get();
        return open(now, now.environment().host());
    }

    Connection open(String host) throws SQLException {
        return open(settings.get(), host);
    }

    private Connection open(PodSettings now, String host) throws SQLException {
        HostPort address =
                resolver.apply(host)
                        .orElseThrow(() -> new SQLException("no address for " + host, "08001"));
        PodEnvironment environment = now.environment();
        Tls tls =
                switch (environment.tls()) {
                    case VERIFY_FULL, VERIFY_CA -> new Tls(environment.tls(), caFile(now.caPem()));
                    case REQUIRE, DISABLE, ALLOW, PREFER -> new Tls(environment.tls(), null);
                };
        Connection connection =
                Pg.open(
                        new ConnectionSpec(
                                host,
                                address.address(),
                                address.port(),
                                environment.database(),
                                environment.user(),
                                environment.password(),
                                tls,
                                pod),
                        silence);
        open.add(connection);
        if (cut) {
            close(connection);
            throw new SQLException("the pod was killed", "08006");
        }
        // a transaction pooler hands every transaction to another server session
        connection.unwrap(PGConnection.class).setPrepareThreshold(0);
        return connection;
    }

    /** Written once for each certificate: another session may be reading the file. */
    private synchronized Path caFile(String caPem) {
        return caFiles.computeIfAbsent(
                caPem,
                pem -> {
                    Path file = folder.resolve("ca-" + caFiles.size() + ".crt");
                    try {
                        return Files.writeString(file, pem, StandardCharsets.UTF_8);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
    }

    void close(Connection connection) throws SQLException {
        open.remove(connection);
        connection.close();
    }

    /** Ends every session at once, whatever it is doing. */
    void cutAll() throws SQLException {
        cut = true;
        for (Connection connection : open) {
            connection.abort(Runnable::run);
        }
    }

    @Override
    public void close() {
        Scratch.delete(folder);
    }
}
