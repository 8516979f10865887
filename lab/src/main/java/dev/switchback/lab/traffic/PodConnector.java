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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.postgresql.PGConnection;

/** Opens the sessions of one pod and can cut them all, as the death of the process would. */
final class PodConnector implements AutoCloseable {
    private final String pod;
    private final PodEnvironment environment;
    private final Function<String, Optional<HostPort>> resolver;
    private final Duration silence;
    private final Path folder;
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private volatile boolean cut;

    PodConnector(
            String pod,
            PodEnvironment environment,
            String caPem,
            Function<String, Optional<HostPort>> resolver,
            Duration silence) {
        this.pod = pod;
        this.environment = environment;
        this.resolver = resolver;
        this.silence = silence;
        this.folder = Scratch.folder("pod");
        try {
            Files.writeString(folder.resolve("ca.crt"), caPem, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Connection open(String host) throws SQLException {
        HostPort address =
                resolver.apply(host)
                        .orElseThrow(() -> new SQLException("no address for " + host, "08001"));
        Tls tls =
                switch (environment.tls()) {
                    case VERIFY_FULL, VERIFY_CA ->
                            new Tls(environment.tls(), folder.resolve("ca.crt"));
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
