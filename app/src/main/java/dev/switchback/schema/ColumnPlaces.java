package dev.switchback.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Where columns stand in their tables: a column more or less must not change those behind it. */
final class ColumnPlaces {
    private ColumnPlaces() {}

    /**
     * Takes the place out of every column's definition on both sides, and tells once for each table
     * when columns that both sides have stand in another order.
     */
    static List<SchemaDifference> takeOut(
            SortedMap<String, String> there, SortedMap<String, String> here) {
        SortedMap<String, SortedMap<Integer, String>> wanted = places(there);
        SortedMap<String, SortedMap<Integer, String>> found = places(here);
        List<SchemaDifference> differences = new ArrayList<>();
        wanted.forEach((table, columns) -> {
            List<String> one = new ArrayList<>(columns.values());
            List<String> other =
                    new ArrayList<>(found.getOrDefault(table, new TreeMap<>()).values());
            one.retainAll(other);
            other.retainAll(one);
            if (!one.equals(other)) {
                differences.add(
                        new SchemaDifference(
                                "column order",
                                table,
                                String.join(", ", one),
                                String.join(", ", other),
                                false));
            }
        });
        return differences;
    }

    private static SortedMap<String, SortedMap<Integer, String>> places(
            SortedMap<String, String> definitions) {
        SortedMap<String, SortedMap<Integer, String>> places = new TreeMap<>();
        definitions.replaceAll((key, definition) -> {
            if (!key.startsWith("column ")) {
                return definition;
            }
            String column = key.substring("column ".length());
            String table = table(column);
            int space = definition.indexOf(' ');
            places.computeIfAbsent(table, t -> new TreeMap<>())
                    .put(
                            Integer.parseInt(definition.substring(0, space)),
                            column.substring(table.length() + 1));
            return definition.substring(space + 1);
        });
        return places;
    }

    /** {@code s.t} of {@code s.t.c}, where each may be quoted. */
    static String table(String column) {
        if (!column.endsWith("\"")) {
            return column.substring(0, column.lastIndexOf('.'));
        }
        int at = column.length() - 2;
        while (column.charAt(at) != '"' || column.charAt(at - 1) == '"') {
            at -= column.charAt(at) == '"' ? 2 : 1;
        }
        return column.substring(0, at - 1);
    }
}
