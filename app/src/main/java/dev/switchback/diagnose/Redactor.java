package dev.switchback.diagnose;

import dev.switchback.kube.KubeObject;
import dev.switchback.pg.Secret;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes secrets out of texts, twice over:
 *
 * <ol>
 *   <li>by value: what the namespaces' Secrets hold, and literal values of variables that are
 *       called like a secret – as they are, in base64 and as a URL writes them;
 *   <li>by shape: logins in URLs, {@code password=…}, {@code PASSWORD '…'}, verifiers, keys, tokens
 *       and certificates' private halves, whoever they belong to.
 * </ol>
 *
 * What the server quotes of rows ({@code Key (email)=(…)}, {@code Failing row contains (…)}) goes
 * too.
 */
public final class Redactor {
    static final String GONE = "[redacted]";

    /** Shorter ones would take harmless words with them, unless their key says what they are. */
    private static final int SHORTEST = 6;

    private static final int SHORTEST_SECRET = 3;

    /** Keys of the operators' Secrets that tell no secret. */
    private static final Set<String> PUBLIC_KEYS =
            Set.of("username", "user", "dbname", "database", "host", "port", "ca.crt", "tls.crt");

    private static final Pattern SECRET_NAME =
            Pattern.compile("(?i)pass|pwd|secret|token|credential|api_?key|private|salt|otp|vapid");

    private static final List<Pattern> SHAPES =
            List.of(
                    Pattern.compile(
                            "(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\\z)"),
                    Pattern.compile("(?<=://)[^/@\\s'\"]+:[^@\\s'\"]*(?=@)"),
                    Pattern.compile(
                            "(?i)(?<=\\b(?:password|passwd|passphrase|pgpassword|pwd|sslpassword|secret|token|api_key|apikey)\\b"
                                    + "[\"']?\\s{0,3}[=:]\\s{0,3})(?:'(?:[^'\\\\]|''|\\\\.)*'|\"(?:[^\"\\\\]|\\\\.)*\"|[^\\s,;&'\"\\[]+)"),
                    Pattern.compile("(?i)(?<=\\bPASSWORD\\s{1,3})E?'(?:[^']|'')*'"),
                    Pattern.compile(
                            "SCRAM-SHA-256\\$\\d+:[A-Za-z0-9+/=]+\\$[A-Za-z0-9+/=]+:[A-Za-z0-9+/=]+"),
                    Pattern.compile("\\bmd5[0-9a-f]{32}\\b"),
                    Pattern.compile(
                            "\\beyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}(?:\\.[A-Za-z0-9_-]*)?"),
                    Pattern.compile("(?i)(?<=\\b(?:bearer|basic)\\s)[A-Za-z0-9._~+/=-]{8,}"),
                    Pattern.compile("(?<=Key \\([^)]{1,200}\\)=\\()[^\\n]*?(?=\\)(?: |\\.|$))"),
                    Pattern.compile("(?<=Failing row contains \\()[^\\n]*"));

    private static final Pattern LITERAL =
            Pattern.compile(
                    "(?i)(?<!\\w)E?'(?:[^'\\\\]|''|\\\\.)*'?|\\$(\\w*)\\$.*?\\$\\1\\$",
                    Pattern.DOTALL);

    private static final Pattern NUMBER = Pattern.compile("(?<![\\w$.])-?\\d+(?:\\.\\d+)?\\b");

    private static final int STATEMENT = 300;

    private final Set<String> values =
            new TreeSet<>(
                    Comparator.comparingInt(String::length)
                            .reversed()
                            .thenComparing(Comparator.naturalOrder()));

    private final Set<String> open = new TreeSet<>();
    private volatile boolean blind;

    /** Some Secrets cannot be read: what holds their values cannot be told from what does not. */
    void blinded() {
        blind = true;
    }

    /** Whether free text may not be kept, because not every secret is known. */
    boolean blind() {
        return blind;
    }

    /** Names that everybody may know: where a Secret holds one of them, it stays. */
    void open(Collection<String> names) {
        open.addAll(names);
    }

    /** Learns every value of these Secrets that may be one; names of users among them are none. */
    void learn(Collection<KubeObject> secrets) {
        for (KubeObject secret : secrets) {
            secret.secret("username").ifPresent(user -> open.add(user.reveal()));
        }
        for (KubeObject secret : secrets) {
            for (String key : secret.data().keySet()) {
                if (!PUBLIC_KEYS.contains(key.toLowerCase(Locale.ROOT))) {
                    // our own Secret of captured values names places in its keys, not kinds of
                    // values
                    String name = secret.name().startsWith("switchback-") ? "" : key;
                    secret.secret(key).ifPresent(value -> learn(name, value));
                }
            }
        }
    }

    /**
     * @param name of the key or variable that holds it
     */
    void learn(String name, Secret value) {
        boolean named = SECRET_NAME.matcher(name).find();
        String plain = value.reveal().strip();
        if (plain.length() < (named ? SHORTEST_SECRET : SHORTEST)
                || (!named && open.contains(plain))) {
            return;
        }
        values.add(plain);
        values.add(URLEncoder.encode(plain, StandardCharsets.UTF_8));
        values.add(
                Base64.getEncoder()
                        .encodeToString(value.reveal().getBytes(StandardCharsets.UTF_8)));
    }

    /** A literal value of a variable, where its name says that it is a secret. */
    void learnVariable(String name, Secret value) {
        if (SECRET_NAME.matcher(name).find()) {
            learn(name, value);
        }
    }

    /** How many values are known, for the bundle's list. */
    int known() {
        return values.size();
    }

    /** The text without anything secret. */
    String text(String text) {
        String clean = text;
        for (String value : values) {
            if (clean.contains(value)) {
                clean = clean.replace(value, GONE);
            }
        }
        for (Pattern shape : SHAPES) {
            clean = shape.matcher(clean).replaceAll(Matcher.quoteReplacement(GONE));
        }
        return clean;
    }

    /** A statement without its literals and numbers, on one line. */
    String statement(String sql) {
        String bare = LITERAL.matcher(sql).replaceAll("?");
        bare = NUMBER.matcher(bare).replaceAll("?").strip().replaceAll("\\s+", " ");
        return text(bare.length() > STATEMENT ? bare.substring(0, STATEMENT) + "…" : bare);
    }

    /** A line of a log: statements in it lose their literals. */
    String logLine(String line) {
        boolean statement =
                line.matches(
                        "(?is).*\\b(?:STATEMENT|QUERY|execute [^:]*|statement|DETAIL: *parameters?)\\s*:.*"
                                + "|.*\\b(?:SELECT|INSERT|UPDATE|DELETE|WITH|COPY|CREATE|ALTER|CALL|DO|SET)\\b.*'.*");
        return text(statement ? LITERAL.matcher(line).replaceAll("?") : line);
    }
}
