package dev.switchback.transfer;

import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Sql;
import dev.switchback.pg.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which tables and views are copied, by patterns as people write them: {@code schema.name} or
 * {@code name} in any schema, with {@code *} and {@code ?}. Case counts. A partition goes with its
 * root.
 *
 * @param include at least one must match; empty matches everything
 * @param exclude none may match
 */
public record TableFilter(List<String> include, List<String> exclude) {
    public static final TableFilter EVERYTHING = new TableFilter(List.of(), List.of());

    /** The same for the same choice, for comparing with an earlier run. */
    String words() {
        return "include " + include + " exclude " + exclude;
    }

    boolean choosesAll() {
        return include.isEmpty() && exclude.isEmpty();
    }

    private record Relation(long oid, TableId id, TableId root) {}

    /** What stays behind: by OID and by name. */
    record Left(Set<Long> oids, Set<TableId> names) {}

    Left leftOut(Connection source, Exclusions exclusions) throws SQLException {
        Left left = new Left(new HashSet<>(), new HashSet<>());
        if (choosesAll()) {
            return left;
        }
        List<Pattern> wanted = include.stream().map(TableFilter::pattern).toList();
        List<Pattern> unwanted = exclude.stream().map(TableFilter::pattern).toList();
        List<Relation> relations = new ArrayList<>();
        relations.addAll(
                Sql.list(
                        source,
                        Sql.resource(TableFilter.class, "relations.sql"),
                        row ->
                                new Relation(
                                        row.getLong(1),
                                        new TableId(row.getString(2), row.getString(3)),
                                        new TableId(row.getString(4), row.getString(5))),
                        exclusions.schemaArray(source)));
        for (Relation relation : relations) {
            boolean in =
                    wanted.isEmpty()
                            || matches(wanted, relation.id)
                            || matches(wanted, relation.root);
            boolean out = matches(unwanted, relation.id) || matches(unwanted, relation.root);
            if (!in || out) {
                left.oids.add(relation.oid);
                left.names.add(relation.id);
            }
        }
        return left;
    }

    private static boolean matches(List<Pattern> patterns, TableId id) {
        return patterns.stream().anyMatch(p -> p.matcher(id.toString()).matches());
    }

    private static Pattern pattern(String text) {
        StringBuilder regex = new StringBuilder(text.contains(".") ? "" : "[^.]*\\.");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            regex.append(
                    switch (c) {
                        case '*' -> ".*";
                        case '?' -> ".";
                        default -> Pattern.quote(String.valueOf(c));
                    });
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }
}
