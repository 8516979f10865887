package dev.switchback.runbook;

import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A text of records that is equal for equal records in every process, whatever their {@code
 * toString} leaves out and in whatever order a map holds its entries.
 */
final class Canonical {
    private Canonical() {}

    static String text(@Nullable Object value) {
        return switch (value) {
            case null -> "-";
            case Optional<?> optional -> text(optional.orElse(null));
            case Map<?, ?> map -> {
                Map<String, String> sorted = new TreeMap<>();
                map.forEach((k, v) -> sorted.put(text(k), text(v)));
                yield sorted.toString();
            }
            case Set<?> set ->
                    set.stream()
                            .map(Canonical::text)
                            .sorted()
                            .collect(Collectors.joining(", ", "{", "}"));
            case Collection<?> list ->
                    list.stream().map(Canonical::text).collect(Collectors.joining(", ", "[", "]"));
            case Record one -> record(one);
            default -> quoted(value.toString());
        };
    }

    private static String record(Record value) {
        StringBuilder text = new StringBuilder("(");
        try {
            for (RecordComponent part : value.getClass().getRecordComponents()) {
                text.append(part.getName())
                        .append('=')
                        .append(text(part.getAccessor().invoke(value)))
                        .append("; ");
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(value.getClass() + " cannot be read", e);
        }
        return text.append(')').toString();
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
