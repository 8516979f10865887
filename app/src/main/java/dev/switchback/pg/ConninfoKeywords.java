package dev.switchback.pg;

import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * libpq's connection keywords up to PostgreSQL 18: which exist, which environment variable sets
 * each, and which values Switchback cannot honour. A value that asks for protection which we could
 * not give is refused; one that only tunes the client is accepted and has no effect.
 */
final class ConninfoKeywords {
    /** Keyword → its environment variable. */
    static final Map<String, String> VARIABLES =
            Map.ofEntries(
                    Map.entry("host", "PGHOST"),
                    Map.entry("hostaddr", "PGHOSTADDR"),
                    Map.entry("port", "PGPORT"),
                    Map.entry("dbname", "PGDATABASE"),
                    Map.entry("user", "PGUSER"),
                    Map.entry("password", "PGPASSWORD"),
                    Map.entry("passfile", "PGPASSFILE"),
                    Map.entry("channel_binding", "PGCHANNELBINDING"),
                    Map.entry("connect_timeout", "PGCONNECT_TIMEOUT"),
                    Map.entry("client_encoding", "PGCLIENTENCODING"),
                    Map.entry("options", "PGOPTIONS"),
                    Map.entry("application_name", "PGAPPNAME"),
                    Map.entry("sslmode", "PGSSLMODE"),
                    Map.entry("sslnegotiation", "PGSSLNEGOTIATION"),
                    Map.entry("sslcompression", "PGSSLCOMPRESSION"),
                    Map.entry("sslcert", "PGSSLCERT"),
                    Map.entry("sslkey", "PGSSLKEY"),
                    Map.entry("sslcertmode", "PGSSLCERTMODE"),
                    Map.entry("sslrootcert", "PGSSLROOTCERT"),
                    Map.entry("sslcrl", "PGSSLCRL"),
                    Map.entry("sslcrldir", "PGSSLCRLDIR"),
                    Map.entry("sslsni", "PGSSLSNI"),
                    Map.entry("requirepeer", "PGREQUIREPEER"),
                    Map.entry("require_auth", "PGREQUIREAUTH"),
                    Map.entry("ssl_min_protocol_version", "PGSSLMINPROTOCOLVERSION"),
                    Map.entry("ssl_max_protocol_version", "PGSSLMAXPROTOCOLVERSION"),
                    Map.entry("min_protocol_version", "PGMINPROTOCOLVERSION"),
                    Map.entry("max_protocol_version", "PGMAXPROTOCOLVERSION"),
                    Map.entry("gssencmode", "PGGSSENCMODE"),
                    Map.entry("krbsrvname", "PGKRBSRVNAME"),
                    Map.entry("gsslib", "PGGSSLIB"),
                    Map.entry("gssdelegation", "PGGSSDELEGATION"),
                    Map.entry("target_session_attrs", "PGTARGETSESSIONATTRS"),
                    Map.entry("load_balance_hosts", "PGLOADBALANCEHOSTS"),
                    Map.entry("service", "PGSERVICE"),
                    Map.entry("servicefile", "PGSERVICEFILE"));

    /** Keywords that no variable sets. */
    private static final Set<String> WITHOUT_VARIABLE =
            Set.of(
                    "fallback_application_name",
                    "keepalives",
                    "keepalives_idle",
                    "keepalives_interval",
                    "keepalives_count",
                    "tcp_user_timeout",
                    "replication",
                    "sslpassword",
                    "scram_client_key",
                    "scram_server_key",
                    "sslkeylogfile",
                    "oauth_issuer",
                    "oauth_client_id",
                    "oauth_client_secret",
                    "oauth_scope");

    /** Values that change nothing for us; of these keywords every other value is refused. */
    private static final Map<String, Set<String>> ONLY =
            Map.ofEntries(
                    Map.entry("target_session_attrs", Set.of("any", "prefer-standby")),
                    Map.entry("gssencmode", Set.of("disable", "prefer")),
                    Map.entry("sslnegotiation", Set.of("postgres")),
                    Map.entry("sslcertmode", Set.of("disable", "allow")),
                    Map.entry("sslsni", Set.of("1")),
                    Map.entry("channel_binding", Set.of("disable", "prefer", "require")),
                    Map.entry("ssl_min_protocol_version", Set.of("tlsv1", "tlsv1.1", "tlsv1.2")),
                    Map.entry("ssl_max_protocol_version", Set.of("tlsv1.3")),
                    Map.entry("replication", Set.of("false", "off", "no", "0")),
                    Map.entry("require_auth", Set.<String>of()),
                    Map.entry("requirepeer", Set.<String>of()),
                    Map.entry("sslcrl", Set.<String>of()),
                    Map.entry("sslcrldir", Set.<String>of()),
                    Map.entry("sslpassword", Set.<String>of()),
                    Map.entry("scram_client_key", Set.<String>of()),
                    Map.entry("scram_server_key", Set.<String>of()),
                    Map.entry("oauth_issuer", Set.<String>of()),
                    Map.entry("oauth_client_id", Set.<String>of()),
                    Map.entry("oauth_client_secret", Set.<String>of()));

    private ConninfoKeywords() {}

    static boolean known(String keyword) {
        return VARIABLES.containsKey(keyword) || WITHOUT_VARIABLE.contains(keyword);
    }

    /**
     * @throws SwitchbackException CONNINFO_UNSUPPORTED for a value that we would have to ignore
     *     although it matters
     */
    static void refuseUnsupported(Map<String, String> values) {
        for (Map.Entry<String, String> entry : values.entrySet()) {
            @Nullable Set<String> fitting = ONLY.get(entry.getKey());
            String value = entry.getValue().toLowerCase(Locale.ROOT);
            if (fitting != null && !value.isEmpty() && !fitting.contains(value)) {
                throw new SwitchbackException(
                        Code.CONNINFO_UNSUPPORTED,
                        "connection option " + entry.getKey(),
                        fitting.isEmpty()
                                ? "Switchback cannot honour it, and does not ignore it"
                                : "Switchback cannot honour its value, and does not ignore it",
                        fitting.isEmpty()
                                ? "leave it out, also of " + source(entry.getKey())
                                : "leave it out or use " + String.join(" or ", sorted(fitting)));
            }
        }
    }

    private static String source(String keyword) {
        return "the service file and " + VARIABLES.getOrDefault(keyword, "the environment");
    }

    private static Set<String> sorted(Set<String> values) {
        return new java.util.TreeSet<>(values);
    }
}
