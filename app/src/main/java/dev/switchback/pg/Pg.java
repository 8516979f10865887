package dev.switchback.pg;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/** The door to PostgreSQL: every session of Switchback is opened here. */
public final class Pg {
    /** Seconds to wait for the connection that cancels a query. */
    private static final int CANCEL_SECONDS = 10;

    /** Seconds of silence after which a control session is given up. */
    private static final Duration CONTROL_SILENCE = Duration.ofSeconds(60);

    /** For what the driver refuses itself, under the state that it also uses for lack of TLS. */
    private static final String NO_PASSWORD = "no password";

    private static final Driver DRIVER = new Driver();

    /**
     * Held, because the JDK forgets levels of loggers nobody holds: what the driver says, it also
     * throws.
     */
    private static final java.util.logging.Logger DRIVER_LOG =
            java.util.logging.Logger.getLogger("org.postgresql");

    static {
        DRIVER_LOG.setLevel(java.util.logging.Level.OFF);
    }

    private Pg() {}

    /** A session for control statements; a server silent for a minute ends it. */
    public static Connection open(ConnectionSpec spec) {
        return open(spec, CONTROL_SILENCE);
    }

    /**
     * Opens a session whose reads fail after {@code silence} ({@code Duration.ZERO}: never, for
     * COPY and index builds).
     *
     * @throws SwitchbackException PG_UNREACHABLE, PG_LOGIN_REFUSED, PG_PRIVILEGE, PG_TLS or
     *     DATABASE_MISSING, with the server's words
     */
    public static Connection open(ConnectionSpec spec, Duration silence) {
        return open(spec, silence, new Properties());
    }

    /**
     * A session that sends a text of several statements as it is, and waits as long as they take.
     * The driver would otherwise cut the text itself, and does not know every body of a function.
     */
    public static Connection openForScripts(ConnectionSpec spec) {
        Properties properties = new Properties();
        PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
        return open(spec, Duration.ZERO, properties);
    }

    /**
     * A session of the replication protocol in the given database: it takes {@code
     * CREATE_REPLICATION_SLOT} and the like, as plain statements. Needs a role with REPLICATION.
     */
    public static Connection openReplication(ConnectionSpec spec) {
        Properties properties = new Properties();
        PGProperty.REPLICATION.set(properties, "database");
        PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
        // such a session answers no questions about the server
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "13");
        return open(spec, Duration.ZERO, properties);
    }

    private static Connection open(ConnectionSpec spec, Duration silence, Properties properties) {
        PGProperty.USER.set(properties, spec.user());
        PGProperty.PASSWORD.set(properties, spec.password().reveal());
        PGProperty.APPLICATION_NAME.set(properties, spec.applicationName());
        PGProperty.SSL_MODE.set(properties, spec.tls().mode().libpq());
        if (spec.tls().caFile() != null) {
            PGProperty.SSL_ROOT_CERT.set(properties, spec.tls().caFile().toString());
        }
        PGProperty.GSS_ENC_MODE.set(properties, "disable");
        LoginOptions login = spec.login();
        PGProperty.CONNECT_TIMEOUT.set(properties, login.connectSeconds());
        PGProperty.LOGIN_TIMEOUT.set(properties, login.connectSeconds());
        if (!login.options().isEmpty()) {
            PGProperty.OPTIONS.set(properties, login.options());
        }
        if (login.channelBinding()) {
            PGProperty.CHANNEL_BINDING.set(properties, "require");
        }
        if (login.certificate() != null && login.key() != null) {
            PGProperty.SSL_CERT.set(properties, login.certificate().toString());
            PGProperty.SSL_KEY.set(properties, login.key().toString());
        }
        PGProperty.SOCKET_TIMEOUT.set(properties, (int) silence.toSeconds());
        PGProperty.TCP_KEEP_ALIVE.set(properties, true);
        // A hidden default of 25 s would keep a killed server's session waiting for its cancel.
        PGProperty.CANCEL_SIGNAL_TIMEOUT.set(properties, CANCEL_SECONDS);
        if (spec.hostAddress() != null) {
            PGProperty.SOCKET_FACTORY.set(properties, AddressedSocketFactory.class.getName());
            PGProperty.SOCKET_FACTORY_ARG.set(properties, spec.hostAddress());
        }
        String url =
                "jdbc:postgresql://"
                        + (spec.host().contains(":") ? "[" + spec.host() + "]" : spec.host())
                        + ":"
                        + spec.port()
                        + "/"
                        + urlEncode(spec.database());
        try {
            Connection connection = DRIVER.connect(url, properties);
            if (connection == null) {
                throw new IllegalStateException("the PostgreSQL driver refused its own URL");
            }
            return connection;
        } catch (SQLException e) {
            throw refused(spec, e);
        }
    }

    /** The server's major version: 15. */
    public static int major(Connection connection) throws SQLException {
        return Integer.parseInt(Sql.one(connection, "SHOW server_version_num")) / 10_000;
    }

    /** The server's words with SQLSTATE, free of secrets: for {@link Problem#what()}. */
    public static String words(SQLException e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        String line = message.replaceAll("\\s*\\n\\s*", " | ");
        return e.getSQLState() == null ? line : line + " (SQLSTATE " + e.getSQLState() + ")";
    }

    private static SwitchbackException refused(ConnectionSpec spec, SQLException e) {
        String words = words(e);
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        if (state.equals("08004") && words.contains("password")) {
            state = NO_PASSWORD;
        }
        Problem problem =
                switch (state) {
                    case "28P01", "28000", NO_PASSWORD ->
                            new Problem(
                                    Code.PG_LOGIN_REFUSED,
                                    spec.display(),
                                    "login refused: " + words,
                                    "check the password of role "
                                            + spec.user()
                                            + ", that the role may log in, and pg_hba");
                    case "42501" ->
                            new Problem(
                                    Code.PG_PRIVILEGE,
                                    spec.display(),
                                    words,
                                    "grant role "
                                            + spec.user()
                                            + " CONNECT on the database, or restore its SUPERUSER");
                    case "3D000" ->
                            new Problem(
                                    Code.DATABASE_MISSING,
                                    spec.display(),
                                    words,
                                    "check the name of the database and the server it belongs to");
                    default ->
                            causedByTls(e)
                                    ? new Problem(
                                            Code.PG_TLS,
                                            spec.display(),
                                            "TLS failed: " + words,
                                            "check the server's certificate against the CA Secret and the host name")
                                    : new Problem(
                                            Code.PG_UNREACHABLE,
                                            spec.display(),
                                            "cannot connect: " + words,
                                            "check that the Service has a ready primary and is reachable from here");
                };
        return new SwitchbackException(problem, e);
    }

    private static boolean causedByTls(SQLException e) {
        // nobody listened: the driver's advice to check the hostname is no word about TLS
        if (e.getCause() instanceof java.net.ConnectException) {
            return false;
        }
        for (Throwable t = e; t != null; t = t.getCause()) {
            if (t instanceof javax.net.ssl.SSLException
                    || t instanceof java.security.GeneralSecurityException
                    || (t.getMessage() != null
                            && (t.getMessage().contains("SSL")
                                    || t.getMessage().contains("hostname")))) {
                return true;
            }
        }
        return false;
    }

    private static String urlEncode(String database) {
        return java.net.URLEncoder.encode(database, java.nio.charset.StandardCharsets.UTF_8);
    }
}
