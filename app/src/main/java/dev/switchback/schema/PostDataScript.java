package dev.switchback.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The script that {@code pg_restore --verbose} prints, cut into entries at its headings. A text
 * inside a statement can look like a heading; it cannot have the right number at the right place,
 * and when the numbers found are not those of the list, nothing is cut.
 */
final class PostDataScript {
    private static final Pattern HEADING =
            Pattern.compile(
                    "^--\\n-- TOC entry (\\d+) \\(class (\\d+) OID (\\d+)\\)\\n(?:-- Dependencies:([\\d ]*)\\n)?"
                            + "-- Name: (.*); Type: (.*); Schema: (.*); Owner: (.*)\\n(?:-- Data Pos: \\d+\\n)?--\\n",
                    Pattern.MULTILINE);

    private static final Pattern STATE =
            Pattern.compile(
                    "^SET default_(tablespace|table_access_method) = .*;$", Pattern.MULTILINE);

    /** Printed after the last entry. */
    private static final Pattern END =
            Pattern.compile(
                    "\\n-- Completed on [^\\n]*\\n[\\s\\S]*$|\\n--\\n-- PostgreSQL database dump complete\\n[\\s\\S]*$");

    /**
     * One entry of the archive.
     *
     * @param dumpId its number in the archive
     * @param classOid catalog that holds it on the source, or 0
     * @param oid its OID there, or 0
     * @param needs numbers of the entries it depends on
     * @param type for example INDEX
     * @param name schema and name as printed, for messages and keys
     * @param sql the statements, with the settings they need in front
     */
    record Part(
            int dumpId,
            long classOid,
            long oid,
            Set<Integer> needs,
            String type,
            String name,
            String sql) {

        /** The same for every dump of an unchanged source. */
        String key() {
            return classOid + " " + oid + " " + type + " " + name;
        }
    }

    private PostDataScript() {}

    /** Empty when the script is not cut like the list. */
    static Optional<List<Part>> cut(String script, List<String> list) {
        List<Part> parts = new ArrayList<>();
        String plain = script.replaceAll("(?m)^\\\\(un)?restrict .*$", "");
        Matcher heading = HEADING.matcher(plain);
        List<int[]> places = new ArrayList<>();
        while (heading.find()) {
            places.add(new int[] {heading.start(), heading.end()});
        }
        if (places.size() != list.size()) {
            return Optional.empty();
        }
        String state =
                lastState(plain.substring(0, places.isEmpty() ? 0 : places.getFirst()[0]), "");
        for (int i = 0; i < places.size(); i++) {
            boolean last = i + 1 == places.size();
            int end = last ? plain.length() : places.get(i + 1)[0];
            String body = plain.substring(places.get(i)[1], end);
            String after = last ? END.matcher(body).replaceFirst("") : body;
            heading.find(places.get(i)[0]);
            int dumpId = Integer.parseInt(heading.group(1));
            if (!list.get(i).startsWith(dumpId + ";")) {
                return Optional.empty();
            }
            parts.add(
                    new Part(
                            dumpId,
                            Long.parseLong(heading.group(2)),
                            Long.parseLong(heading.group(3)),
                            numbers(heading.group(4)),
                            heading.group(6),
                            heading.group(7) + " " + heading.group(5),
                            state + STATE.matcher(after).replaceAll("").strip()));
            // a setting between two entries is printed behind the first and belongs to the second
            state = lastState(body, state);
        }
        return Optional.of(parts);
    }

    private static String lastState(String text, String before) {
        String state = before;
        Matcher setting = STATE.matcher(text);
        while (setting.find()) {
            if (setting.group(1).equals("tablespace")) {
                state = setting.group().endsWith("= '';") ? "" : setting.group() + "\n";
            }
        }
        return state;
    }

    private static Set<Integer> numbers(String text) {
        Set<Integer> numbers = new TreeSet<>();
        if (text != null) {
            for (String number : text.strip().split(" +")) {
                if (!number.isEmpty()) {
                    numbers.add(Integer.valueOf(number));
                }
            }
        }
        return numbers;
    }
}
