package dev.switchback.verify;

import dev.switchback.pg.TableId;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Names of tables with {@code *} for any characters and {@code ?} for one: {@code schema.table}, or
 * {@code table} in whatever schema. Names are compared as they are stored, without folding; a part
 * in double quotes is taken literally.
 */
final class TablePatterns {
    private TablePatterns() {}

    /** Everything when there are no patterns. */
    static Predicate<TableId> any(List<String> patterns) {
        List<Predicate<TableId>> each = patterns.stream().map(TablePatterns::one).toList();
        return id -> each.isEmpty() || each.stream().anyMatch(p -> p.test(id));
    }

    static Predicate<TableId> one(String pattern) {
        StringBuilder regex = new StringBuilder();
        String schema = null;
        boolean quoted = false;
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '"') {
                quoted = !quoted;
                if (quoted && i > 0 && pattern.charAt(i - 1) == '"') {
                    regex.append('"');
                }
            } else if (c == '.' && !quoted && schema == null) {
                schema = regex.toString();
                regex.setLength(0);
            } else if (c == '*' && !quoted) {
                regex.append(".*");
            } else if (c == '?' && !quoted) {
                regex.append('.');
            } else {
                regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        Pattern inSchema = Pattern.compile(schema == null ? ".*" : schema, Pattern.DOTALL);
        Pattern name = Pattern.compile(regex.toString(), Pattern.DOTALL);
        return id -> inSchema.matcher(id.schema()).matches() && name.matcher(id.name()).matches();
    }
}
