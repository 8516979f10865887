package dev.switchback.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One object of the document: typed reads that note what is wrong under its path instead of
 * throwing.
 */
final class Fields {
    private static final Pattern DNS_NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?");

    private final String origin;
    private final String path;
    private final JsonNode node;
    private final List<Problem> problems;
    private final Set<String> seen = new HashSet<>();

    private Fields(String origin, String path, JsonNode node, List<Problem> problems) {
        this.origin = origin;
        this.path = path;
        this.node = node;
        this.problems = problems;
    }

    /**
     * @throws SwitchbackException DOCUMENT_INVALID when there is nothing to read fields from
     */
    static Fields root(String origin, JsonNode node) {
        Fields root = new Fields(origin, "", node, new ArrayList<>());
        if (!node.isObject()) {
            root.wrong(
                    "",
                    "is not a mapping",
                    "write a Migration document; 'switchback init' makes one");
            root.throwIfAny();
        }
        return root;
    }

    void throwIfAny() {
        if (!problems.isEmpty()) {
            throw new SwitchbackException(problems);
        }
    }

    boolean has(String field) {
        return node.hasNonNull(field);
    }

    void exactly(String field, String value) {
        String found = string(field).orElse("");
        if (!found.equals(value)) {
            wrong(field, "is '" + found + "', not '" + value + "'", "set " + field + ": " + value);
        }
    }

    /** A required Kubernetes object name. */
    String name(String field) {
        Optional<String> value = string(field);
        if (value.isEmpty()) {
            missing(field, "set it");
            return "";
        }
        if (!DNS_NAME.matcher(value.get()).matches()) {
            wrong(
                    field,
                    "is '" + value.get() + "', not a Kubernetes name",
                    "use lower-case letters, digits and '-'");
        }
        return value.get();
    }

    Optional<String> string(String field) {
        seen.add(field);
        JsonNode value = node.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            wrong(field, "is " + describe(value) + ", not text", "write a string");
            return Optional.empty();
        }
        return Optional.of(value.asText());
    }

    int integer(String field, int byDefault, int least, int most) {
        seen.add(field);
        JsonNode value = node.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return byDefault;
        }
        if (!value.isInt() || value.asInt() < least || value.asInt() > most) {
            wrong(
                    field,
                    "is " + describe(value),
                    "write a whole number from " + least + " to " + most);
            return byDefault;
        }
        return value.asInt();
    }

    boolean flag(String field, boolean byDefault) {
        seen.add(field);
        JsonNode value = node.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return byDefault;
        }
        if (!value.isBoolean()) {
            wrong(field, "is " + describe(value), "write true or false");
            return byDefault;
        }
        return value.asBoolean();
    }

    double decimal(String field, double byDefault, double least, double most) {
        seen.add(field);
        JsonNode value = node.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return byDefault;
        }
        if (!value.isNumber() || value.asDouble() < least || value.asDouble() > most) {
            wrong(field, "is " + describe(value), "write a number from " + least + " to " + most);
            return byDefault;
        }
        return value.asDouble();
    }

    /** A required text, number or boolean, as it is written. */
    String scalar(String field) {
        seen.add(field);
        JsonNode value = node.path(field);
        if (value.isMissingNode() || value.isNull()) {
            missing(field, "set it");
            return "";
        }
        if (!value.isValueNode()) {
            wrong(field, "is " + describe(value), "write one value");
            return "";
        }
        return value.asText();
    }

    Duration duration(String field, Duration byDefault) {
        Optional<String> text = string(field);
        if (text.isEmpty()) {
            return byDefault;
        }
        Optional<Duration> duration = Durations.parse(text.get());
        if (duration.isEmpty()) {
            wrong(field, "is '" + text.get() + "', not a duration", "write it like 30s, 5m or 2h");
        }
        return duration.orElse(byDefault);
    }

    List<String> strings(String field) {
        seen.add(field);
        JsonNode value = node.path(field);
        List<String> result = new ArrayList<>();
        if (value.isMissingNode() || value.isNull()) {
            return result;
        }
        if (!value.isArray()) {
            wrong(field, "is " + describe(value) + ", not a list", "write a list of strings");
            return result;
        }
        for (int i = 0; i < value.size(); i++) {
            if (value.get(i).isTextual() && !value.get(i).asText().isEmpty()) {
                result.add(value.get(i).asText());
            } else {
                wrong(
                        field + "[" + i + "]",
                        "is " + describe(value.get(i)) + ", not text",
                        "write a string");
            }
        }
        return result;
    }

    /** A required value: text, or the key of a Secret that holds it. */
    Given given(String field) {
        if (node.path(field).isObject()) {
            Fields from = object(field);
            Given given = new Given.FromSecret(from.name("secret"), from.string("key").orElse(""));
            if (!from.has("key")) {
                from.missing("key", "name the Secret's key that holds the value");
            }
            from.nothingElse();
            return given;
        }
        Optional<String> text = string(field);
        if (!has(field)) {
            missing(field, "write it, or {secret: NAME, key: KEY}");
        }
        return new Given.Text(text.orElse(""));
    }

    /** Such values by name. */
    Map<String, Given> givens(String field) {
        Map<String, Given> result = new LinkedHashMap<>();
        Fields map = optionalObject(field);
        map.node.fieldNames().forEachRemaining(key -> result.put(key, map.given(key)));
        return result;
    }

    /** An instant in UTC. */
    Optional<Instant> instant(String field) {
        Optional<String> text = string(field);
        try {
            return text.map(Instant::parse);
        } catch (DateTimeParseException e) {
            wrong(
                    field,
                    "is '" + text.orElse("") + "', not a time",
                    "write it in UTC, in quotes: \"2026-11-22T02:00:00Z\"");
            return Optional.empty();
        }
    }

    Map<String, String> stringMap(String field) {
        Map<String, String> result = new LinkedHashMap<>();
        if (!has(field)) {
            seen.add(field);
            return result;
        }
        Fields map = object(field);
        map.node
                .fieldNames()
                .forEachRemaining(key -> map.string(key).ifPresent(v -> result.put(key, v)));
        return result;
    }

    /** A required object; when it is missing the problem is noted and an empty one returned. */
    Fields object(String field) {
        seen.add(field);
        JsonNode value = node.path(field);
        if (value.isMissingNode() || value.isNull()) {
            missing(field, "add it");
        } else if (!value.isObject()) {
            wrong(field, "is " + describe(value) + ", not a mapping", "write it as a mapping");
        }
        // what is inside an object that is not there is not missed a second time
        List<Problem> target = value.isObject() ? problems : new ArrayList<>();
        return new Fields(
                origin, join(field), value.isObject() ? value : MissingNode.getInstance(), target);
    }

    Fields optionalObject(String field) {
        if (has(field)) {
            return object(field);
        }
        seen.add(field);
        return new Fields(origin, join(field), MissingNode.getInstance(), problems);
    }

    List<Fields> objects(String field) {
        seen.add(field);
        JsonNode value = node.path(field);
        List<Fields> result = new ArrayList<>();
        if (value.isMissingNode() || value.isNull()) {
            return result;
        }
        if (!value.isArray()) {
            wrong(field, "is " + describe(value) + ", not a list", "write a list of mappings");
            return result;
        }
        for (int i = 0; i < value.size(); i++) {
            if (value.get(i).isObject()) {
                result.add(new Fields(origin, join(field) + "[" + i + "]", value.get(i), problems));
            } else {
                wrong(
                        field + "[" + i + "]",
                        "is " + describe(value.get(i)) + ", not a mapping",
                        "write a mapping");
            }
        }
        return result;
    }

    void nothingElse() {
        node.fieldNames()
                .forEachRemaining(field -> {
                    if (!seen.contains(field)) {
                        wrong(
                                field,
                                "unknown field",
                                "remove it or correct its name; known here: "
                                        + String.join(", ", seen.stream().sorted().toList()));
                    }
                });
    }

    void missing(String field, String remedy) {
        add(Code.DOCUMENT_INVALID, field, "missing", remedy);
    }

    void wrong(String field, String what, String remedy) {
        add(Code.DOCUMENT_INVALID, field, what, remedy);
    }

    void unsupported(String field, String what, String remedy) {
        add(Code.NOT_SUPPORTED_YET, field, what, remedy);
    }

    private void add(Code code, String field, String what, String remedy) {
        String where = field.isEmpty() ? path : join(field);
        problems.add(
                new Problem(code, origin + (where.isEmpty() ? "" : " " + where), what, remedy));
    }

    private String join(String field) {
        return path.isEmpty() ? field : path + "." + field;
    }

    private static String describe(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> "a list";
            case OBJECT -> "a mapping";
            case STRING -> "the text '" + value.asText() + "'";
            case NUMBER -> "the number " + value.asText();
            case BOOLEAN -> value.asText();
            case NULL -> "empty";
            case BINARY, MISSING, POJO -> "something else";
        };
    }
}
