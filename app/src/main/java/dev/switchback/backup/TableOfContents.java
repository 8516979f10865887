package dev.switchback.backup;

import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Ours;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An archive's table of contents as {@code pg_restore --list} prints it: {@code 215; 1259 16385
 * TABLE public accounts owner}. Names are not quoted there, so tables are found by their oid.
 */
final class TableOfContents {
    private static final Pattern LINE = Pattern.compile("(\\d+); (\\d+) (\\d+) (.+)");

    private final List<String> lines = new ArrayList<>();
    private final Set<Long> definitions = new HashSet<>();
    private final Map<Long, String> data = new HashMap<>();
    private final Set<String> words = new HashSet<>();

    /** Of what was printed for the whole archive. */
    static TableOfContents parse(String printed) {
        TableOfContents toc = new TableOfContents();
        printed.lines().forEach(toc::add);
        return toc;
    }

    private void add(String line) {
        Matcher entry = LINE.matcher(line);
        if (!entry.matches()) {
            return;
        }
        lines.add(line);
        long oid = Long.parseLong(entry.group(3));
        String rest = entry.group(4);
        words.add(rest);
        if (rest.startsWith("TABLE DATA ") || rest.startsWith("MATERIALIZED VIEW DATA ")) {
            data.put(oid, line);
        } else if (rest.startsWith("TABLE ") || rest.startsWith("MATERIALIZED VIEW ")) {
            definitions.add(oid);
        }
    }

    /** Entries in all. */
    int size() {
        return lines.size();
    }

    /** What the catalog holds and the archive does not, in words. */
    List<String> missing(Contents contents) {
        List<String> missing = new ArrayList<>();
        for (Contents.Entry entry : contents.entries()) {
            switch (entry.kind()) {
                case "SEQUENCE" -> {
                    String set = "SEQUENCE SET " + entry.id().schema() + " " + entry.id().name();
                    if (words.stream().noneMatch(w -> w.startsWith(oneLine(set) + " "))) {
                        missing.add("position of sequence " + entry.id());
                    }
                }
                case "ROOT" -> {
                    if (!definitions.contains(entry.oid())) {
                        missing.add("definition of table " + entry.id());
                    }
                }
                case "MATERIALIZED VIEW" -> {
                    if (!definitions.contains(entry.oid())) {
                        missing.add("definition of materialized view " + entry.id());
                    }
                }
                default -> {
                    if (!definitions.contains(entry.oid()) || !data.containsKey(entry.oid())) {
                        missing.add("table " + entry.id());
                    }
                }
            }
        }
        // one entry holds them all, or one for each thousand
        if (contents.largeObjects() > 0 && words.stream().noneMatch(w -> w.startsWith("BLOBS "))) {
            missing.add("large objects");
        }
        return missing;
    }

    /** Names of the files of a directory archive that hold rows, without their ending. */
    List<String> dataFiles() {
        return data.values().stream()
                .filter(line -> !line.contains(" MATERIALIZED VIEW DATA "))
                .map(line -> line.substring(0, line.indexOf(';')) + ".dat")
                .toList();
    }

    /**
     * The entries that bring back the key tables, in the archive's order: every definition that
     * comes before data, and the rows of these tables.
     *
     * @param preData what was printed for the section of that name
     */
    List<String> proof(String preData, Contents contents, Exclusions exclusions) {
        Set<String> wanted = new HashSet<>();
        preData.lines()
                .filter(line -> LINE.matcher(line).matches())
                .filter(line -> !stays(line, exclusions))
                .forEach(wanted::add);
        for (Contents.Entry key : contents.keyRows().keySet()) {
            String line = data.get(key.oid());
            if (line != null) {
                wanted.add(line);
            }
        }
        return lines.stream().filter(wanted::contains).toList();
    }

    /** What the migration does not carry over either: the target need not know it. */
    private static boolean stays(String line, Exclusions exclusions) {
        Matcher entry = LINE.matcher(line);
        if (!entry.matches()) {
            return true;
        }
        String[] rest = entry.group(4).split(" ");
        if (rest.length >= 3 && rest[1].equals("-")) {
            return switch (rest[0]) {
                case "EXTENSION" -> exclusions.extension(rest[2]);
                case "SCHEMA" -> exclusions.schema(rest[2]) || rest[2].equals(Ours.SCHEMA);
                default -> false;
            };
        }
        return false;
    }

    private static String oneLine(String text) {
        return text.replace('\n', ' ').replace('\r', ' ');
    }
}
