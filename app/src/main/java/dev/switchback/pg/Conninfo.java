package dev.switchback.pg;

import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A connection string as libpq's programs take it, completed from service file, {@code PG*}
 * variables and {@code ~/.pgpass} by libpq's rules:
 *
 * <ol>
 *   <li>what the string says,
 *   <li>what its service, or {@code PGSERVICE}, says,
 *   <li>the environment,
 *   <li>defaults: port 5432, the login name of this machine's user, a database of the user's name,
 *       {@code sslmode=prefer};
 *   <li>the password last, from the password file.
 * </ol>
 *
 * Where libpq without a host would use a Unix socket, this uses {@code localhost}, as libpq does on
 * machines without them. Several hosts, Unix sockets, Kerberos encryption, certificate revocation
 * lists and encrypted client keys are refused by name. An instance never prints its password.
 */
public final class Conninfo {
    private final Map<String, String> values;
    private final Path home;
    private final Secret password;
    private final List<String> warnings;

    private Conninfo(Map<String, String> values, Path home, Secret password, List<String> warn) {
        this.values = Map.copyOf(values);
        this.home = home;
        this.password = password;
        this.warnings = List.copyOf(warn);
    }

    /**
     * @param text keyword/value pairs, a URI, or a database name; empty takes everything from the
     *     environment
     * @param environment usually {@link System#getenv()}
     * @param home the person's home folder, for {@code .pgpass}, {@code .pg_service.conf} and
     *     {@code .postgresql}
     * @throws SwitchbackException CONNINFO_INVALID, CONNINFO_UNSUPPORTED or SERVICE_NOT_FOUND;
     *     never with a value of the text
     */
    public static Conninfo parse(String text, Map<String, String> environment, Path home) {
        Map<String, String> values = new LinkedHashMap<>(ConninfoText.parse(text));
        values.values().removeIf(String::isEmpty);
        String service = given(values, environment, "service");
        if (service != null) {
            ServiceFile.read(
                            service,
                            given(values, environment, "servicefile"),
                            set(environment, "PGSYSCONFDIR"),
                            home)
                    .forEach(values::putIfAbsent);
        }
        ConninfoKeywords.VARIABLES.forEach((keyword, variable) -> {
            String value = set(environment, variable);
            if (value != null) {
                values.putIfAbsent(keyword, value);
            }
        });
        ConninfoKeywords.refuseUnsupported(values);
        List<String> warnings = new ArrayList<>();
        complete(values);
        Secret password = password(values, home, warnings);
        Conninfo conninfo = new Conninfo(values, home, password, warnings);
        // whatever else is wrong is told now, not at the first connection
        conninfo.spec("switchback");
        return conninfo;
    }

    private static @Nullable String given(
            Map<String, String> values, Map<String, String> environment, String keyword) {
        String value = values.get(keyword);
        return value != null
                ? value
                : set(environment, ConninfoKeywords.VARIABLES.getOrDefault(keyword, ""));
    }

    private static @Nullable String set(Map<String, String> environment, String variable) {
        String value = environment.get(variable);
        return value == null || value.isEmpty() ? null : value;
    }

    private static void complete(Map<String, String> values) {
        for (String keyword : List.of("host", "hostaddr", "port")) {
            if (values.getOrDefault(keyword, "").contains(",")) {
                throw unsupported(
                        keyword,
                        "several servers",
                        "name the one that is meant: which one answers must not decide what is"
                                + " read or written");
            }
        }
        String host = values.getOrDefault("host", "");
        if (host.startsWith("/") || host.startsWith("@")) {
            throw unsupported(
                    "host", "a Unix socket", "name the server's TCP address: host=localhost");
        }
        values.putIfAbsent("user", System.getProperty("user.name", "postgres"));
        values.putIfAbsent("dbname", values.getOrDefault("user", ""));
    }

    private static Secret password(Map<String, String> values, Path home, List<String> warnings) {
        String given = values.remove("password");
        if (given != null && !given.isEmpty()) {
            return Secret.of(given);
        }
        String named = values.get("passfile");
        Secret found =
                PasswordFile.find(
                        named == null ? home.resolve(".pgpass") : Path.of(named),
                        List.of(
                                host(values),
                                values.getOrDefault("port", "5432"),
                                values.getOrDefault("dbname", ""),
                                values.getOrDefault("user", "")),
                        warnings::add);
        return found == null ? Secret.of("") : found;
    }

    private static String host(Map<String, String> values) {
        String host = values.get("host");
        return host != null ? host : values.getOrDefault("hostaddr", "localhost");
    }

    /** What libpq would print on stderr: a password file that others can read. */
    public List<String> warnings() {
        return warnings;
    }

    /**
     * How to open it.
     *
     * @param applicationName as seen in {@code pg_stat_activity}; {@code application_name} of the
     *     string does not count, because our sessions must be recognisable
     */
    public ConnectionSpec spec(String applicationName) {
        boolean named = values.containsKey("host");
        return new ConnectionSpec(
                host(values),
                named ? values.get("hostaddr") : null,
                number("port", 5432, 1, 65_535),
                values.getOrDefault("dbname", ""),
                values.getOrDefault("user", ""),
                password,
                ConninfoTls.tls(values, home),
                applicationName,
                new LoginOptions(
                        values.getOrDefault("options", ""),
                        Math.max(
                                0,
                                number(
                                        "connect_timeout",
                                        LoginOptions.DEFAULT.connectSeconds(),
                                        Integer.MIN_VALUE,
                                        Integer.MAX_VALUE / 1000)),
                        values.getOrDefault("channel_binding", "")
                                .toLowerCase(Locale.ROOT)
                                .equals("require"),
                        ConninfoTls.certificate(values, home),
                        ConninfoTls.key(values, home)));
    }

    private int number(String keyword, int otherwise, int least, int most) {
        String value = values.get(keyword);
        if (value == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(value.strip());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new SwitchbackException(
                Code.CONNINFO_INVALID,
                "connection option " + keyword,
                "not a number that it can have",
                "correct it; looked at: the string, the service file, "
                        + ConninfoKeywords.VARIABLES.get(keyword));
    }

    private static SwitchbackException unsupported(String keyword, String what, String remedy) {
        return new SwitchbackException(
                Code.CONNINFO_UNSUPPORTED,
                "connection option " + keyword,
                "Switchback does not connect to " + what,
                remedy);
    }

    /** For messages, without a password: {@code app@db.example:5432/shop}. */
    @Override
    public String toString() {
        return spec("switchback").display();
    }
}
