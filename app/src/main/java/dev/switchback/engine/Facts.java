package dev.switchback.engine;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An immutable, ordered map of names to plain values: what a step found (capture) or saw
 * (evidence). No secrets.
 */
public record Facts(@JsonValue Map<String, String> values) {
    public static final Facts NONE = new Facts(Map.of());

    @JsonCreator
    public Facts(Map<String, String> values) {
        this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** Alternating names and values. */
    public static Facts of(String... namesAndValues) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return new Facts(map);
    }

    public Facts with(String name, String value) {
        Map<String, String> map = new LinkedHashMap<>(values);
        map.put(name, value);
        return new Facts(map);
    }

    public Facts with(Facts more) {
        Map<String, String> map = new LinkedHashMap<>(values);
        map.putAll(more.values);
        return new Facts(map);
    }

    /** The same facts, every name with {@code prefix} before it: to stand among others. */
    public Facts prefixed(String prefix) {
        Map<String, String> map = new LinkedHashMap<>();
        values.forEach((name, value) -> map.put(prefix + name, value));
        return new Facts(map);
    }

    /** What {@link #prefixed} put among these, under its own names again. */
    public Facts under(String prefix) {
        Map<String, String> map = new LinkedHashMap<>();
        values.forEach((name, value) -> {
            if (name.startsWith(prefix)) {
                map.put(name.substring(prefix.length()), value);
            }
        });
        return new Facts(map);
    }

    public Optional<String> get(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /**
     * @throws IllegalStateException when the fact is missing: the journal was written by another
     *     version
     */
    public String require(String name) {
        return get(name)
                .orElseThrow(() ->
                        new IllegalStateException("the journal lacks the fact '" + name + "'"));
    }
}
