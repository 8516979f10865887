package dev.switchback.workload;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A {@code KEY=value} file as Kustomize's {@code configMapGenerator} reads it, kept byte for byte:
 * comments, order, line ends, quotes and a byte order mark stay, only host names inside values
 * change. One character of {@code text} is one byte of the file: host names are ASCII, and whatever
 * else stands there goes back as it came.
 */
final class EnvFile {
    private static final String BYTE_ORDER_MARK = "\u00ef\u00bb\u00bf";
    private static final Pattern ENTRY =
            Pattern.compile("[ \\t]*([-._A-Za-z][-._A-Za-z0-9]*)=(.*)", Pattern.DOTALL);
    private static final Pattern NOTHING = Pattern.compile("[ \\t]*(#.*)?", Pattern.DOTALL);

    private final String text;
    private final List<Entry> entries = new ArrayList<>();
    private final List<Integer> unreadable = new ArrayList<>();

    /**
     * @param start of the value, in bytes of the file
     */
    record Entry(String key, String value, int start) {}

    private EnvFile(String text) {
        this.text = text;
        int line = 1;
        for (int start = 0; start < text.length(); line++) {
            int end = text.indexOf('\n', start);
            end = end < 0 ? text.length() : end;
            read(line, start, end);
            start = end + 1;
        }
    }

    static EnvFile of(byte[] bytes) {
        return new EnvFile(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    static EnvFile ofBase64(String kept) {
        return of(Base64.getDecoder().decode(kept));
    }

    private void read(int number, int from, int to) {
        int start = from == 0 && text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length() : from;
        int end = to > start && text.charAt(to - 1) == '\r' ? to - 1 : to;
        String line = text.substring(Math.min(start, end), end);
        Matcher entry = ENTRY.matcher(line);
        if (entry.matches()) {
            entries.add(new Entry(entry.group(1), entry.group(2), start + entry.start(2)));
        } else if (!NOTHING.matcher(line).matches()) {
            unreadable.add(number);
        }
    }

    byte[] bytes() {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** For our Secret, whose values are text. */
    String base64() {
        return Base64.getEncoder().encodeToString(bytes());
    }

    String sha256() {
        try {
            return HexFormat.of()
                    .formatHex(java.security.MessageDigest.getInstance("SHA-256").digest(bytes()));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** In the order of the file; a key may come twice. */
    List<Entry> entries() {
        return List.copyOf(entries);
    }

    /** Numbers of lines that are neither {@code KEY=value}, nor a comment, nor empty. */
    List<Integer> unreadable() {
        return List.copyOf(unreadable);
    }

    /**
     * The file with every old name in a value replaced.
     *
     * @param keys whose values; empty for all
     */
    EnvFile rewritten(List<String> keys, EndpointNames names, String readerNamespace) {
        StringBuilder next = new StringBuilder();
        int copied = 0;
        for (Entry entry : entries) {
            if (keys.isEmpty() || keys.contains(entry.key())) {
                next.append(text, copied, entry.start());
                next.append(names.rewrite(entry.value(), readerNamespace));
                copied = entry.start() + entry.value().length();
            }
        }
        return new EnvFile(next.append(text.substring(copied)).toString());
    }
}
