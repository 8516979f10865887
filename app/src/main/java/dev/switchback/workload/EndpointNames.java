package dev.switchback.workload;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds and replaces Service names inside values: a bare host, {@code host.namespace.svc}, a URL, a
 * DSN. A name counts only as a whole host: {@code mastodon-postgresql} inside {@code
 * mastodon-postgresql-pooler} does not, nor does a user or a database of that name.
 */
public final class EndpointNames {
    /** No letter of a longer name before it. */
    private static final String NOT_INSIDE = "(?<![A-Za-z0-9_.-])";

    /** Not the path of a URL, where the database stands, nor another word of a DSN. */
    private static final String NOT_ANOTHER_PART =
            "(?<![^/]/)(?<!dbname=)(?<!user=)(?<!password=)(?<!application_name=)";

    /** Not the user or the password of a URL. */
    private static final String NOT_A_LOGIN = "(?!(?::[^@/\\s]*)?@)";

    private final Map<String, String> map;
    private final String targetNamespace;
    private final Pattern old;

    /**
     * @param map old Service name to new Service name; not empty
     */
    public EndpointNames(Map<String, String> map, String sourceNamespace, String targetNamespace) {
        this.map = map;
        this.targetNamespace = targetNamespace;
        String names =
                map.keySet().stream()
                        .sorted(Comparator.comparingInt(String::length).reversed())
                        .map(Pattern::quote)
                        .reduce((a, b) -> a + "|" + b)
                        .orElseThrow();
        this.old =
                Pattern.compile(
                        NOT_INSIDE
                                + NOT_ANOTHER_PART
                                + "("
                                + names
                                + ")(\\."
                                + Pattern.quote(sourceNamespace)
                                + "(\\.svc(?:\\.cluster\\.local)?)?)?(?![A-Za-z0-9_-]|\\.[A-Za-z0-9])"
                                + NOT_A_LOGIN);
    }

    /** The old names that the value holds. */
    public Set<String> namesIn(String value) {
        Set<String> names = new LinkedHashSet<>();
        for (Matcher matcher = old.matcher(value); matcher.find(); ) {
            names.add(matcher.group(1));
        }
        return names;
    }

    /** Whether the value names one of the new Services. */
    public boolean namesTarget(String value) {
        return map.values().stream()
                .anyMatch(name ->
                        Pattern.compile(
                                        "(?<![A-Za-z0-9_.-])"
                                                + Pattern.quote(name)
                                                + "(?![A-Za-z0-9_-])")
                                .matcher(value)
                                .find());
    }

    /**
     * The value with every old name replaced.
     *
     * @param readerNamespace where the writer runs: a bare name is qualified when the target lives
     *     elsewhere
     */
    public String rewrite(String value, String readerNamespace) {
        return old.matcher(value)
                .replaceAll(match -> {
                    String fresh = map.getOrDefault(match.group(1), match.group(1));
                    String suffix = match.group(2);
                    String dns = match.group(3) == null ? "" : match.group(3);
                    boolean qualified = suffix != null || !readerNamespace.equals(targetNamespace);
                    return Matcher.quoteReplacement(
                            qualified ? fresh + "." + targetNamespace + dns : fresh);
                });
    }
}
