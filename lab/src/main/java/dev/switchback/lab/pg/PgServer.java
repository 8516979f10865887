package dev.switchback.lab.pg;

import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Secret;
import dev.switchback.pg.Sql;
import dev.switchback.pg.Tls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * One embedded PostgreSQL server on a loopback address of its own, port 5432, so that a simulated
 * Service can name it the way a real one would. TLS on, SCRAM passwords, {@code fsync} off, {@code
 * wal_log_hints} on. Superuser {@code postgres} with {@link #SUPERUSER_PASSWORD}. Closing it stops
 * the server and deletes its data.
 */
public final class PgServer implements AutoCloseable {
    /** The same for every lab server; it never leaves the loopback interface. */
    public static final Secret SUPERUSER_PASSWORD = Secret.of("lab-superuser");

    private static final Map<Integer, Path> TEMPLATES = new ConcurrentHashMap<>();

    private final int major;
    private final Path home;
    private final Path folder;
    private final String address;
    private final Certificates authority;
    private final List<String> dnsNames;
    private final String superuser;
    private final Secret superuserPassword;
    private Process postmaster;

    private PgServer(
            int major,
            Path home,
            Path folder,
            String address,
            Certificates authority,
            List<String> dnsNames,
            String superuser,
            Secret superuserPassword,
            Process postmaster) {
        this.major = major;
        this.home = home;
        this.folder = folder;
        this.address = address;
        this.authority = authority;
        this.dnsNames = dnsNames;
        this.superuser = superuser;
        this.superuserPassword = superuserPassword;
        this.postmaster = postmaster;
    }

    /** A server named {@code localhost}, with default settings. */
    public static PgServer start(int major) {
        return start(major, List.of("localhost"), Map.of());
    }

    /**
     * @param dnsNames names in the server's certificate; the first is the default host of {@link
     *     #superuser}
     * @param settings extra lines of {@code postgresql.conf}
     */
    public static PgServer start(int major, List<String> dnsNames, Map<String, String> settings) {
        Path home = PgBinaries.of(major);
        Path template = TEMPLATES.computeIfAbsent(major, m -> initdb(m, home));
        Path folder = Scratch.folder("pg" + major);
        Scratch.copy(template, folder.resolve("data"));
        Certificates authority = Certificates.authority("switchback-lab-" + folder.getFileName());
        String address = freeAddress();
        configure(folder, address, authority, dnsNames, settings);
        Process postmaster = launch(home, folder);
        PgServer server =
                new PgServer(
                        major,
                        home,
                        folder,
                        address,
                        authority,
                        dnsNames,
                        "postgres",
                        SUPERUSER_PASSWORD,
                        postmaster);
        server.awaitReady();
        return server;
    }

    /**
     * A second server with a copy of this one's data; this one must be stopped. For resetting a lab
     * quickly.
     */
    public PgServer copy() {
        return copyAs(superuser, superuserPassword);
    }

    /** The same, when the data holds another superuser that the copy is to be reached by. */
    public PgServer copyAs(String role, Secret password) {
        if (postmaster.isAlive()) {
            throw new IllegalStateException("stop the server before copying its data");
        }
        Path other = Scratch.folder("pg" + major);
        Scratch.copy(folder.resolve("data"), other.resolve("data"));
        String otherAddress = freeAddress();
        configure(other, otherAddress, authority, dnsNames, Map.of());
        PgServer server =
                new PgServer(
                        major,
                        home,
                        other,
                        otherAddress,
                        authority,
                        dnsNames,
                        role,
                        password,
                        launch(home, other));
        server.awaitReady();
        return server;
    }

    /**
     * A hot standby with a copy of this server's data, which must be stopped, that streams from a
     * {@link #copy} of it and connects again whenever that one comes back. Small: it serves a few
     * readers.
     *
     * @param slot of the primary, which keeps the WAL that the standby still needs
     * @param role superuser that {@link #connect} uses, with its password
     */
    public PgServer standbyOf(
            PgServer primary,
            String replicationRole,
            Secret replicationPassword,
            String slot,
            String role,
            Secret password) {
        if (postmaster.isAlive()) {
            throw new IllegalStateException("stop the server before copying its data");
        }
        Path other = Scratch.folder("pg" + major + "-standby");
        Path data = other.resolve("data");
        Scratch.copy(folder.resolve("data"), data);
        Scratch.delete(data.resolve("pg_replslot").resolve(slot));
        String otherAddress = freeAddress();
        configure(other, otherAddress, authority, dnsNames, Map.of());
        String follow =
                """
                shared_buffers = 8MB
                wal_retrieve_retry_interval = 200ms
                wal_receiver_status_interval = 1s
                primary_slot_name = '%s'
                primary_conninfo = 'host=%s port=5432 user=%s password=%s sslmode=require application_name=standby'
                """
                        .formatted(
                                slot,
                                primary.address(),
                                replicationRole,
                                replicationPassword.reveal());
        try {
            Path conf = data.resolve("lab.conf");
            Files.writeString(conf, Files.readString(conf) + follow);
            Files.writeString(data.resolve("standby.signal"), "");
            open(other);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        PgServer server =
                new PgServer(
                        major,
                        home,
                        other,
                        otherAddress,
                        authority,
                        dnsNames,
                        role,
                        password,
                        launch(home, other));
        server.awaitReady();
        return server;
    }

    public int major() {
        return major;
    }

    /** The loopback address; the port is always 5432. */
    public String address() {
        return address;
    }

    public int port() {
        return 5432;
    }

    public String caPem() {
        return authority.caPem();
    }

    /** The CA as a file, for libpq and the driver. */
    public Path caFile() {
        return folder.resolve("ca.crt");
    }

    /** The data directory, for tests that look at or damage it. */
    public Path dataDirectory() {
        return folder.resolve("data");
    }

    /** Shows a certificate of the same CA and names from now on, with another end. */
    public void certificateUntil(Instant expires) {
        Certificates.Server certificate = authority.server(dnsNames, expires);
        try {
            Files.writeString(folder.resolve("server.crt"), certificate.certificatePem());
            Files.writeString(folder.resolve("server.key"), certificate.keyPem());
            open(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        signal("HUP", false);
    }

    /** How the superuser connects, the certificate verified. */
    public ConnectionSpec superuser(String database) {
        return new ConnectionSpec(
                dnsNames.getFirst(),
                address,
                port(),
                database,
                superuser,
                superuserPassword,
                Tls.verifyFull(caFile()),
                "lab");
    }

    /** A superuser session in the given database; the caller closes it. */
    public Connection connect(String database) {
        return Pg.open(superuser(database), Duration.ZERO);
    }

    /** A clean shutdown; sessions are ended ({@code pg_ctl -m fast}). */
    public void stop() {
        signal("INT");
    }

    /** As if the machine lost power: SIGQUIT, crash recovery at the next start. */
    public void crash() {
        signal("QUIT");
    }

    /**
     * Starts again after {@link #stop} or {@link #crash}, on the same address with the same data.
     */
    public void restart() {
        postmaster = launch(home, folder);
        awaitReady();
    }

    public boolean isRunning() {
        return postmaster.isAlive();
    }

    /** A clean stop and a start with these settings, on the same address with the same data. */
    public void restart(Map<String, String> settings) {
        stop();
        write(settings);
        restart();
    }

    /**
     * Settings from now on, as a changed file and a reload: what PostgreSQL takes only at a start
     * waits for the next one and is shown as {@code pending_restart} meanwhile.
     */
    public void configure(Map<String, String> settings) {
        write(settings);
        signal("HUP", false);
    }

    private void write(Map<String, String> settings) {
        StringBuilder lines = new StringBuilder();
        // the last line of a parameter counts
        settings.forEach((key, value) ->
                lines.append(key).append(" = '").append(value.replace("'", "''")).append("'\n"));
        try {
            Files.writeString(
                    dataDirectory().resolve("lab.conf"), lines, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Process id of the postmaster: another one after each start. */
    public long incarnation() {
        return postmaster.pid();
    }

    /**
     * Gives this hot standby copies of logical slots of its primary, as Patroni does it: stopped,
     * the slots' state files copied, started again. A slot is where it was last saved there.
     */
    public void adoptSlots(PgServer primary, List<String> slots) {
        Path from = primary.dataDirectory().resolve("pg_replslot");
        Path to = dataDirectory().resolve("pg_replslot");
        stop();
        try {
            for (String slot : slots) {
                Files.createDirectories(to.resolve(slot));
                Files.copy(
                        from.resolve(slot).resolve("state"),
                        to.resolve(slot).resolve("state"),
                        StandardCopyOption.REPLACE_EXISTING);
            }
            open(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            restart();
        }
    }

    /**
     * Ends the walsender that serves a slot, as a cut connection would, and says whether there was
     * one; the subscriber connects again by itself.
     */
    public boolean killWalsender(String slot) throws SQLException {
        try (Connection connection = connect("postgres")) {
            return Sql.one(
                            connection,
                            "SELECT count(pg_terminate_backend(active_pid)) FROM"
                                    + " pg_replication_slots WHERE slot_name = ? AND active_pid IS NOT NULL",
                            slot)
                    .equals("1");
        }
    }

    @Override
    public void close() {
        signal("QUIT");
        Scratch.delete(folder);
    }

    private void signal(String signal) {
        signal(signal, true);
    }

    private void signal(String signal, boolean ends) {
        if (!postmaster.isAlive()) {
            return;
        }
        try {
            new ProcessBuilder("kill", "-" + signal, String.valueOf(postmaster.pid()))
                    .redirectErrorStream(true)
                    .start()
                    .waitFor();
            if (ends && !postmaster.waitFor(20, TimeUnit.SECONDS)) {
                postmaster.destroyForcibly().waitFor();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            postmaster.destroyForcibly();
        }
    }

    private void awaitReady() {
        Instant deadline = Instant.now().plusSeconds(60);
        while (true) {
            if (!postmaster.isAlive()) {
                throw new IllegalStateException("PostgreSQL " + major + " did not start: " + log());
            }
            try (Connection ready = connect("postgres")) {
                if (ready.isValid(5)) {
                    return;
                }
            } catch (RuntimeException | SQLException e) {
                if (Instant.now().isAfter(deadline)) {
                    throw new IllegalStateException(
                            "PostgreSQL " + major + " not ready: " + log(), e);
                }
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while PostgreSQL was starting", e);
            }
        }
    }

    /** The server's log, for failure messages and for tests that look for secrets in it. */
    public String log() {
        try {
            return Files.readString(folder.resolve("log"));
        } catch (IOException e) {
            return "(no log: " + e.getMessage() + ")";
        }
    }

    private static Path initdb(int major, Path home) {
        Path folder = Scratch.folder("initdb" + major);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> Scratch.delete(folder)));
        try {
            Path password = folder.resolve("password");
            Files.writeString(password, SUPERUSER_PASSWORD.reveal());
            open(folder);
            List<String> command =
                    new ArrayList<>(
                            List.of(
                                    home.resolve("bin/initdb").toString(),
                                    "-D",
                                    folder.resolve("data").toString(),
                                    "-U",
                                    "postgres",
                                    "--pwfile=" + password,
                                    "--auth=scram-sha-256",
                                    "--encoding=UTF8",
                                    "--locale=C.UTF-8",
                                    "--data-checksums",
                                    "--no-sync"));
            Process initdb =
                    new ProcessBuilder(asServerUser(command))
                            .redirectErrorStream(true)
                            .redirectOutput(folder.resolve("log").toFile())
                            .start();
            if (initdb.waitFor() != 0) {
                throw new IllegalStateException(
                        "initdb failed: " + Files.readString(folder.resolve("log")));
            }
            return folder.resolve("data");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted during initdb", e);
        }
    }

    private static void configure(
            Path folder,
            String address,
            Certificates authority,
            List<String> dnsNames,
            Map<String, String> settings) {
        Certificates.Server certificate = authority.server(dnsNames);
        Path data = folder.resolve("data");
        StringBuilder conf = new StringBuilder();
        conf.append("listen_addresses = '").append(address).append("'\n");
        conf.append("port = 5432\n");
        conf.append("unix_socket_directories = ''\n");
        conf.append("ssl = on\nssl_cert_file = '../server.crt'\nssl_key_file = '../server.key'\n");
        conf.append("fsync = off\nfull_page_writes = on\nwal_log_hints = on\n");
        conf.append("password_encryption = 'scram-sha-256'\n");
        conf.append("max_connections = 200\nshared_buffers = 128MB\n");
        conf.append("log_statement = ddl\nlog_line_prefix = '%m %a '\ntimezone = 'UTC'\n");
        settings.forEach(
                (key, value) -> conf.append(key).append(" = '").append(value).append("'\n"));
        try {
            if (!settings.isEmpty() || !Files.exists(data.resolve("lab.conf"))) {
                Files.writeString(data.resolve("lab.conf"), conf);
            } else {
                // a copied cluster keeps its settings, only the address is its own
                Files.writeString(
                        data.resolve("lab.conf"),
                        Files.readString(data.resolve("lab.conf"))
                                .replaceFirst(
                                        "listen_addresses = '[^']*'",
                                        "listen_addresses = '" + address + "'"));
            }
            Path main = data.resolve("postgresql.conf");
            if (!Files.readString(main).contains("lab.conf")) {
                Files.writeString(main, Files.readString(main) + "\ninclude 'lab.conf'\n");
            }
            Files.writeString(
                    data.resolve("pg_hba.conf"),
                    "hostssl all all 127.0.0.0/8 scram-sha-256\nhostssl replication all 127.0.0.0/8 scram-sha-256\n");
            Files.writeString(folder.resolve("ca.crt"), authority.caPem());
            Files.writeString(folder.resolve("server.crt"), certificate.certificatePem());
            Files.writeString(folder.resolve("server.key"), certificate.keyPem());
            Files.setPosixFilePermissions(
                    folder.resolve("server.key"), PosixFilePermissions.fromString("rw-------"));
            open(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Process launch(Path home, Path folder) {
        try {
            List<String> command =
                    List.of(
                            home.resolve("bin/postgres").toString(),
                            "-D",
                            folder.resolve("data").toString());
            return new ProcessBuilder(asServerUser(command))
                    .redirectErrorStream(true)
                    .redirectOutput(
                            ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

    /**
     * PostgreSQL refuses to run as root: a user namespace hides it, and where there are none, user
     * nobody runs it.
     */
    private static List<String> asServerUser(List<String> command) {
        if (!ROOT) {
            return command;
        }
        List<String> whole =
                new ArrayList<>(
                        Unshare.WORKS
                                ? List.of("unshare", "-U")
                                : List.of("setpriv", "--reuid=65534", "--clear-groups"));
        whole.addAll(command);
        return whole;
    }

    /** Whether user namespaces can be made here; found out once. */
    private static final class Unshare {
        static final boolean WORKS = works();

        private static boolean works() {
            try {
                return new ProcessBuilder("unshare", "-U", "id", "-u").start().waitFor() == 0;
            } catch (IOException e) {
                return false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }

    /**
     * Hands the folder to the user that {@link #asServerUser} runs the server as, when that is not
     * ours.
     */
    private static void open(Path folder) throws IOException {
        if (ROOT && !Unshare.WORKS) {
            try {
                new ProcessBuilder("chown", "-R", "65534", folder.toString()).start().waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** An address of 127.0.0.0/8 on which nothing listens at 5432. */
    static String freeAddress() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        for (int attempt = 0; attempt < 100; attempt++) {
            String address =
                    "127."
                            + random.nextInt(10, 250)
                            + "."
                            + random.nextInt(0, 256)
                            + "."
                            + random.nextInt(1, 255);
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(InetAddress.getByName(address), 5432));
                return address;
            } catch (IOException taken) {
                // try another
            }
        }
        throw new IllegalStateException("no free loopback address for a server on port 5432");
    }
}
