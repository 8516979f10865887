package dev.switchback.schema;

import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Ours;
import java.util.List;
import java.util.function.Predicate;

/**
 * Lines of an archive's table of contents as {@code pg_restore --list} prints them: {@code 215;
 * 1259 16385 TABLE public accounts owner}. Names in it are not quoted, so only the fixed words at
 * the start of a line and names that PostgreSQL itself restricts are relied on.
 */
final class Toc {
    private Toc() {}

    /** The entries of a printed list that we carry over. */
    static List<String> entries(String printed, Exclusions exclusions) {
        return printed.lines()
                .filter(line -> !line.startsWith(";") && !line.isBlank())
                .filter(line -> !stays(kind(line), exclusions))
                .toList();
    }

    static List<String> select(List<String> entries, Predicate<String> kind) {
        return entries.stream().filter(line -> kind.test(kind(line))).toList();
    }

    /** Grants and default privileges; those of the system's own objects are the target's affair. */
    static boolean privileges(String entry) {
        return entry.startsWith("DEFAULT ACL ")
                || (entry.startsWith("ACL ") && !entry.startsWith("ACL pg_catalog "));
    }

    static boolean refresh(String entry) {
        return entry.startsWith("MATERIALIZED VIEW DATA ");
    }

    static boolean eventTrigger(String entry) {
        return entry.startsWith("EVENT TRIGGER ") || entry.startsWith("COMMENT - EVENT TRIGGER ");
    }

    /** What is restored with its section: neither privileges nor what comes last. */
    static boolean definition(String entry) {
        return !entry.startsWith("ACL ")
                && !entry.startsWith("DEFAULT ACL ")
                && !refresh(entry)
                && !eventTrigger(entry);
    }

    private static String kind(String line) {
        // dump id; catalog oid; object oid; then the words
        String[] parts = line.split(" ", 4);
        return parts.length == 4 ? parts[3] : line;
    }

    private static boolean stays(String entry, Exclusions exclusions) {
        if (entry.startsWith("EXTENSION - ")) {
            return exclusions.extension(word(entry, 2));
        }
        if (entry.startsWith("COMMENT - EXTENSION ")) {
            return exclusions.extension(word(entry, 3));
        }
        if (entry.startsWith("SCHEMA - ")) {
            return exclusions.schema(word(entry, 2)) && entry.split(" ").length <= 4;
        }
        if (entry.startsWith("PUBLICATION ") || entry.startsWith("SUBSCRIPTION ")) {
            return true;
        }
        if (eventTrigger(entry)) {
            return entry.contains(" " + Ours.FENCE_EVENT_TRIGGER + " ");
        }
        return entry.startsWith("TRIGGER ") && entry.contains(" " + Ours.FENCE_TRIGGER + " ");
    }

    private static String word(String entry, int place) {
        String[] words = entry.split(" ");
        return words.length > place ? words[place] : "";
    }
}
