package dev.switchback.steps.access;

import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The extensions of an image: every version it can create, and the one it creates unasked.
 *
 * @param offered versions by name
 * @param usual default version by name
 */
record ExtensionVersions(Map<String, Set<String>> offered, Map<String, String> usual) {

    static ExtensionVersions of(Connection server) throws SQLException {
        Map<String, Set<String>> offered = new TreeMap<>();
        for (String[] pair :
                Sql.list(
                        server,
                        "SELECT name, version FROM pg_available_extension_versions",
                        row -> new String[] {row.getString(1), row.getString(2)})) {
            offered.computeIfAbsent(pair[0], n -> new TreeSet<>()).add(pair[1]);
        }
        Map<String, String> usual = new TreeMap<>();
        for (String[] pair :
                Sql.list(
                        server,
                        "SELECT name, coalesce(default_version, '') FROM pg_available_extensions",
                        row -> new String[] {row.getString(1), row.getString(2)})) {
            usual.put(pair[0], pair[1]);
        }
        return new ExtensionVersions(offered, usual);
    }

    boolean has(String extension) {
        return usual.containsKey(extension);
    }

    boolean offers(String extension, String version) {
        Set<String> versions = offered.get(extension);
        return versions != null && versions.contains(version);
    }

    String unasked(String extension) {
        return usual.getOrDefault(extension, "");
    }

    /**
     * Compares dotted numbers; empty when one of them is none ({@code 3.4.0dev}), because then
     * nobody knows which is newer.
     */
    static OptionalInt compare(String one, String other) {
        List<Integer> left = numbers(one);
        List<Integer> right = numbers(other);
        if (left == null || right == null) {
            return OptionalInt.empty();
        }
        for (int i = 0; i < Math.max(left.size(), right.size()); i++) {
            int difference =
                    Integer.compare(
                            i < left.size() ? left.get(i) : 0, i < right.size() ? right.get(i) : 0);
            if (difference != 0) {
                return OptionalInt.of(difference);
            }
        }
        return OptionalInt.of(0);
    }

    private static @Nullable List<Integer> numbers(String version) {
        if (!version.matches("[0-9]{1,8}(\\.[0-9]{1,8})*")) {
            return null;
        }
        List<Integer> numbers = new ArrayList<>();
        for (String part : version.split("\\.", -1)) {
            numbers.add(Integer.valueOf(part));
        }
        return numbers;
    }
}
