package dev.switchback.schema;

import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a database defines, in words that are equal for equal schemas on every major from 13 to 18,
 * so that source and target can be compared, and a source with itself before and inside the fence.
 *
 * <p>Names in keys are quoted where SQL needs it. NOT NULL constraints count as a property of the
 * column, the MAINTAIN privilege is ignored: older majors know neither. Grants to excluded roles,
 * extension members and versions, tablespaces and what is ours are left out. Never holds a secret:
 * options of foreign servers and user mappings are hashed.
 */
public final class SchemaFingerprint {

    /** Which part of a restore brings a definition. */
    public enum Section {
        /** Schemas, extensions, types, functions, tables with columns and defaults, sequences. */
        PRE_DATA,
        /**
         * View texts, materialized views, constraints, indexes, rules, triggers, policies,
         * comments.
         */
        POST_DATA,
        /** Grants and default privileges. */
        PRIVILEGES,
        /** Event triggers, and which materialized views are filled. */
        LAST
    }

    private SchemaFingerprint() {}

    /** Everything: key → definition. */
    public static SortedMap<String, String> of(Connection connection, Exclusions exclusions)
            throws SQLException {
        return of(connection, exclusions, EnumSet.allOf(Section.class));
    }

    /**
     * Only some sections: after a restore of pre-data, only {@link Section#PRE_DATA} can be equal.
     */
    public static SortedMap<String, String> of(
            Connection connection, Exclusions exclusions, Set<Section> sections)
            throws SQLException {
        return withCatalogPath(
                connection,
                () -> {
                    SortedMap<String, String> definitions = new TreeMap<>();
                    Sql.list(
                            connection,
                            Sql.resource(SchemaFingerprint.class, "fingerprint.sql"),
                            row -> {
                                if (sections.contains(Section.valueOf(row.getString(1)))) {
                                    definitions.put(
                                            row.getString(2),
                                            definition(row.getString(3), row.getBoolean(4)));
                                }
                                return "";
                            },
                            exclusions.schemaArray(connection),
                            exclusions.extensionArray(connection),
                            connection.createArrayOf("text", exclusions.roles().toArray()));
                    return definitions;
                });
    }

    /**
     * What a restore does not bring, or few databases have: versions, publications, the database's
     * own options and settings, details of casts, operators and the like.
     */
    static SortedMap<String, String> beside(Connection connection, Exclusions exclusions)
            throws SQLException {
        return withCatalogPath(
                connection,
                () -> {
                    SortedMap<String, String> definitions = new TreeMap<>();
                    Sql.list(
                            connection,
                            Sql.resource(SchemaFingerprint.class, "beside.sql"),
                            row ->
                                    definitions.put(
                                            row.getString(1),
                                            definition(row.getString(2), row.getBoolean(3))),
                            exclusions.schemaArray(connection),
                            exclusions.extensionArray(connection),
                            connection.createArrayOf("text", exclusions.roles().toArray()));
                    return definitions;
                });
    }

    private static String definition(@Nullable String text, boolean deparsed) {
        return text == null ? "" : deparsed ? loose(text) : text;
    }

    /** Something asked of a server. */
    interface Question<T> {
        T ask() throws SQLException;
    }

    /** Asks with every name outside the catalog printed with its schema. */
    static <T> T withCatalogPath(Connection connection, Question<T> question) throws SQLException {
        String before = Sql.one(connection, "SELECT pg_catalog.current_setting('search_path')");
        path(connection, "pg_catalog");
        try {
            return question.ask();
        } finally {
            path(connection, before);
        }
    }

    /**
     * One sentence for each difference, {@code expected} usually being the source; empty when both
     * define the same.
     */
    public static List<String> differences(
            SortedMap<String, String> expected, SortedMap<String, String> actual) {
        List<String> differences = new ArrayList<>();
        Set<String> keys = new TreeSet<>(expected.keySet());
        keys.addAll(actual.keySet());
        for (String key : keys) {
            @Nullable String wanted = expected.get(key);
            @Nullable String found = actual.get(key);
            if (found == null) {
                differences.add("missing: " + key);
            } else if (wanted == null) {
                differences.add("unexpected: " + key);
            } else if (!wanted.equals(found)) {
                differences.add(key + ": expected [" + wanted + "], found [" + found + "]");
            }
        }
        return differences;
    }

    /**
     * Deparsed text without what majors print differently: white space, and the qualifiers that 16
     * and later leave out where only one relation is read. The columns that are read are compared
     * beside it.
     */
    static String loose(String definition) {
        List<SqlText.Token> tokens = SqlText.tokens(definition);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < tokens.size(); i++) {
            SqlText.Token token = tokens.get(i);
            boolean qualifier =
                    name(token) && i + 2 < tokens.size() && tokens.get(i + 1).symbol('.');
            if (qualifier && (name(tokens.get(i + 2)) || tokens.get(i + 2).symbol('*'))) {
                i++;
            } else {
                text.append(definition, token.start(), token.end()).append(' ');
            }
        }
        return text.toString().strip();
    }

    private static boolean name(SqlText.Token token) {
        return token.identifier() && !Character.isDigit(token.value().codePointAt(0));
    }

    private static void path(Connection connection, String path) throws SQLException {
        Sql.one(connection, "SELECT pg_catalog.set_config('search_path', ?, false)", path);
    }
}
