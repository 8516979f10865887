package dev.switchback.pg;

import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads libpq's keyword/value form, {@code host=db dbname='a b' password=it\'s}. A text without
 * {@code =} is a database name, as psql and pg_dump take it. Messages give places, not pieces of
 * the text: a badly quoted password would be among them.
 */
final class ConninfoText {
    private final String text;
    private final Map<String, String> values = new LinkedHashMap<>();
    private int at;

    private ConninfoText(String text) {
        this.text = text;
    }

    static Map<String, String> parse(String text) {
        if (ConninfoUri.isUri(text)) {
            return ConninfoUri.parse(text);
        }
        if (text.indexOf('=') < 0) {
            String name = text.strip();
            return name.isEmpty() ? Map.of() : Map.of("dbname", name);
        }
        return new ConninfoText(text).pairs();
    }

    private Map<String, String> pairs() {
        skipBlanks();
        while (at < text.length()) {
            int start = at;
            String keyword = keyword();
            skipBlanks();
            if (at >= text.length() || text.charAt(at) != '=') {
                throw invalid(start, "a '=' is missing after this word");
            }
            at++;
            skipBlanks();
            String value = at < text.length() && text.charAt(at) == '\'' ? quoted() : plain();
            if (!ConninfoKeywords.known(keyword)) {
                throw invalid(
                        start,
                        "this is no connection option"
                                + (values.containsKey("password") ? "" : ": " + keyword));
            }
            values.put(keyword, value);
            skipBlanks();
        }
        return values;
    }

    private String keyword() {
        int start = at;
        while (at < text.length() && text.charAt(at) != '=' && !blank()) {
            at++;
        }
        return text.substring(start, at);
    }

    private String plain() {
        StringBuilder value = new StringBuilder();
        while (at < text.length() && !blank()) {
            value.append(character());
        }
        return value.toString();
    }

    private String quoted() {
        int start = at;
        StringBuilder value = new StringBuilder();
        at++;
        while (at < text.length()) {
            if (text.charAt(at) == '\'') {
                at++;
                return value.toString();
            }
            value.append(character());
        }
        throw invalid(start, "this quoted value has no end");
    }

    /** One character of a value; a backslash takes the next as it is. */
    private String character() {
        if (text.charAt(at) == '\\') {
            at++;
        }
        return at < text.length() ? String.valueOf(text.charAt(at++)) : "";
    }

    private boolean blank() {
        return Character.isWhitespace(text.charAt(at));
    }

    private void skipBlanks() {
        while (at < text.length() && blank()) {
            at++;
        }
    }

    private static SwitchbackException invalid(int place, String what) {
        return new SwitchbackException(
                Code.CONNINFO_INVALID,
                "connection string",
                "at character " + (place + 1) + ": " + what,
                "write keyword=value pairs with values that hold blanks in single quotes,"
                        + " or a URI: postgresql://user@host:5432/database");
    }
}
