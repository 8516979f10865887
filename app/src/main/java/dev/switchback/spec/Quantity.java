package dev.switchback.spec;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Bytes as Kubernetes writes them: {@code 500Mi}, {@code 2Gi}, {@code 1G} or plain bytes. */
public final class Quantity {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,15})(Ki|Mi|Gi|Ti|k|M|G|T)?");

    private Quantity() {}

    /** Bytes, or empty when the text is no quantity. */
    public static Optional<Long> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long factor =
                switch (matcher.group(2) == null ? "" : matcher.group(2)) {
                    case "Ki" -> 1L << 10;
                    case "Mi" -> 1L << 20;
                    case "Gi" -> 1L << 30;
                    case "Ti" -> 1L << 40;
                    case "k" -> 1_000L;
                    case "M" -> 1_000_000L;
                    case "G" -> 1_000_000_000L;
                    case "T" -> 1_000_000_000_000L;
                    default -> 1L;
                };
        try {
            return Optional.of(Math.multiplyExact(Long.parseLong(matcher.group(1)), factor));
        } catch (ArithmeticException tooLarge) {
            return Optional.empty();
        }
    }

    /** More than nothing, where the field is there. */
    static Optional<Long> read(Fields section, String field) {
        if (!section.has(field)) {
            section.string(field);
            return Optional.empty();
        }
        String text = section.scalar(field);
        Optional<Long> bytes = parse(text).filter(b -> b > 0);
        if (bytes.isEmpty()) {
            section.wrong(field, "is '" + text + "', not a size", "write it like 500Mi or 2Gi");
        }
        return bytes;
    }
}
