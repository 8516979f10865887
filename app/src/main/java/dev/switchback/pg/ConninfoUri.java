package dev.switchback.pg;

import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads libpq's URIs: {@code postgresql://user:password@host:port/dbname?keyword=value&…}, every
 * part percent-encoded and optional. Messages never hold parts of the URI but keywords.
 */
final class ConninfoUri {
    private final Map<String, String> values = new LinkedHashMap<>();

    private ConninfoUri() {}

    static boolean isUri(String text) {
        return text.startsWith("postgresql://") || text.startsWith("postgres://");
    }

    static Map<String, String> parse(String text) {
        ConninfoUri uri = new ConninfoUri();
        String rest = text.substring(text.indexOf("://") + 3);
        int question = rest.indexOf('?');
        int slash = rest.indexOf('/');
        // libpq looks for the credentials' @ up to the first slash, over a question mark
        int at = rest.indexOf('@');
        if (at >= 0 && (slash < 0 || at < slash)) {
            uri.credentials(rest.substring(0, at));
            rest = rest.substring(at + 1);
            question = rest.indexOf('?');
        }
        String place = question < 0 ? rest : rest.substring(0, question);
        uri.place(place);
        if (question >= 0) {
            uri.parameters(rest.substring(question + 1));
        }
        return uri.values;
    }

    private void credentials(String text) {
        int colon = text.indexOf(':');
        put("user", colon < 0 ? text : text.substring(0, colon));
        if (colon >= 0) {
            put("password", text.substring(colon + 1));
        }
    }

    private void place(String text) {
        int slash = text.indexOf('/');
        if (slash >= 0) {
            put("dbname", text.substring(slash + 1));
        }
        StringBuilder hosts = new StringBuilder();
        StringBuilder ports = new StringBuilder();
        for (String one : (slash < 0 ? text : text.substring(0, slash)).split(",", -1)) {
            int colon = one.indexOf(':', one.startsWith("[") ? closing(one) : 0);
            String host = colon < 0 ? one : one.substring(0, colon);
            if (host.startsWith("[")) {
                host = host.substring(1, host.length() - 1);
            }
            hosts.append(hosts.isEmpty() ? "" : ",").append(host);
            ports.append(ports.isEmpty() ? "" : ",")
                    .append(colon < 0 ? "" : one.substring(colon + 1));
        }
        put("host", hosts.toString());
        put("port", ports.toString());
    }

    private static int closing(String host) {
        int end = host.indexOf(']');
        if (end < 2 || (end + 1 < host.length() && host.charAt(end + 1) != ':')) {
            throw invalid("an IPv6 address is not written as [address] or [address]:port");
        }
        return end;
    }

    private void parameters(String text) {
        for (String pair : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals < 0 || pair.indexOf('=', equals + 1) >= 0) {
                throw invalid("its parameters are not keyword=value pairs joined by &");
            }
            String keyword = decoded(pair.substring(0, equals));
            String value = decoded(pair.substring(equals + 1));
            if (keyword.equals("ssl") && value.equals("true")) {
                keyword = "sslmode";
                value = "require";
            }
            if (!ConninfoKeywords.known(keyword)) {
                throw invalid("no connection option has the name of this parameter: " + keyword);
            }
            values.put(keyword, value);
        }
    }

    private void put(String keyword, String encoded) {
        if (!encoded.isEmpty()) {
            values.put(keyword, decoded(encoded));
        }
    }

    private static String decoded(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < encoded.length; i++) {
            if (encoded[i] != '%') {
                bytes.write(encoded[i]);
                continue;
            }
            int high = i + 2 < encoded.length ? Character.digit(encoded[i + 1], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(encoded[i + 2], 16);
            if (low < 0 || (high == 0 && low == 0)) {
                throw invalid("a % is not followed by two hexadecimal digits, or by 00");
            }
            bytes.write(high << 4 | low);
            i += 2;
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static SwitchbackException invalid(String what) {
        return new SwitchbackException(
                Code.CONNINFO_INVALID,
                "connection URI",
                what,
                "write postgresql://user@host:5432/database?sslmode=verify-full,"
                        + " reserved characters percent-encoded");
    }
}
