package dev.switchback.diagnose;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one look saw of one object. No secrets.
 *
 * @param object {@code namespace/name}, {@code source/mastodon}, a pod, a table
 * @param values by name; a value that was not there is left out
 */
public record Seen(Topic topic, String object, Map<String, String> values) {
    public Seen {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** The value, or an empty text. */
    public String text(String name) {
        return values.getOrDefault(name, "");
    }

    public boolean is(String name, String value) {
        return value.equals(values.get(name));
    }

    public boolean has(String name) {
        return !text(name).isEmpty();
    }

    /** The value as a number; {@code otherwise} where there is none. */
    public double number(String name, double otherwise) {
        try {
            return has(name) ? Double.parseDouble(text(name)) : otherwise;
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    /** One line: {@code name value, name value}. */
    public String line() {
        StringBuilder line = new StringBuilder();
        values.forEach((name, value) -> {
            if (!value.isEmpty()) {
                line.append(line.isEmpty() ? "" : ", ").append(name).append(' ').append(value);
            }
        });
        return line.toString();
    }
}
