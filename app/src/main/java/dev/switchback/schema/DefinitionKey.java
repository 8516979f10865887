package dev.switchback.schema;

import java.util.List;

/**
 * A key of the fingerprint, taken apart: {@code comment on table public.t} is the comment of {@code
 * table public.t}.
 *
 * @param kind as in {@link SchemaDifference#kind}
 * @param object the name
 */
record DefinitionKey(String kind, String object) {
    /** Start of the key, and the kind it stands for. A longer start stands before a shorter. */
    private record Start(String words, String kind) {}

    private static final List<Start> STARTS =
            List.of(
                    new Start("extension version of ", "extension version"),
                    new Start("details of ", "details"),
                    new Start("definition of ", "view definition"),
                    new Start("columns read by ", "view columns"),
                    new Start("row security and identity of ", "row security and replica identity"),
                    new Start("sequence parameters ", "sequence definition"),
                    new Start("comment on ", "comment"),
                    new Start("database comment", "comment"),
                    new Start("default privileges of ", "default privileges"),
                    new Start("privileges on ", "grant"),
                    new Start("maintain privilege on ", "maintain privilege"),
                    new Start("not null constraint ", "not null constraint"),
                    new Start("security label on ", "security label"),
                    new Start("toast options of ", "toast options"),
                    new Start("tablespace of ", "tablespace"),
                    new Start("index statistics of ", "index statistics"),
                    new Start("trigger state of ", "trigger state"),
                    new Start("database options", "database"),
                    new Start("database setting ", "database setting"),
                    new Start("base type ", "type"),
                    new Start("materialized view ", "materialized view"),
                    new Start("foreign table ", "foreign table"),
                    new Start("foreign-data wrapper ", "foreign-data wrapper"),
                    new Start("event trigger ", "event trigger"),
                    new Start("access method ", "access method"),
                    new Start("user mapping ", "user mapping"),
                    new Start("operator class ", "operator class"),
                    new Start("operator family ", "operator family"),
                    new Start("text search configuration ", "text search configuration"),
                    new Start("text search dictionary ", "text search dictionary"),
                    new Start("text search parser ", "text search parser"),
                    new Start("text search template ", "text search template"));

    static DefinitionKey of(String key) {
        for (Start start : STARTS) {
            if (key.startsWith(start.words)) {
                return named(start.kind, key.substring(start.words.length()));
            }
        }
        int space = key.indexOf(' ');
        return space < 0
                ? new DefinitionKey(key, "")
                : named(key.substring(0, space), key.substring(space + 1));
    }

    private static DefinitionKey named(String kind, String rest) {
        String object =
                kind.equals("type") && rest.endsWith(" details")
                        ? rest.substring(0, rest.length() - " details".length())
                        : kind.equals("materialized view") && rest.endsWith(" is filled")
                                ? rest.substring(0, rest.length() - " is filled".length())
                                : rest;
        return new DefinitionKey(kind, object.isEmpty() ? "of the database" : object);
    }

    /**
     * Whether this belongs to {@code other}, so that it comes and goes with it: a column with its
     * table, an index with its constraint.
     */
    boolean partOf(DefinitionKey other) {
        if (equals(other)) {
            return false;
        }
        String whole = other.kind + " " + other.object;
        return switch (other.kind) {
            case "table", "view", "materialized view", "foreign table", "sequence", "type" ->
                    partOfRelation(other.object, whole);
            case "column" -> object.equals(whole) || object.equals("table " + whole);
            case "constraint" -> object.equals(other.object) || commentOf("table " + whole);
            case "index" -> partOfIndex(other.object);
            default -> object.equals(whole);
        };
    }

    private boolean partOfRelation(String name, String whole) {
        return object.equals(name)
                || object.equals(whole)
                || object.startsWith(name + ".")
                || object.startsWith("column " + name + ".")
                || object.contains(" column " + name + ".")
                || object.endsWith(" on " + name);
    }

    private boolean partOfIndex(String index) {
        if (kind.equals("index statistics")) {
            return object.equals(index);
        }
        String name = index.split(" on ", 2)[0];
        return kind.equals("comment") && object.startsWith("index ") && object.endsWith("." + name);
    }

    private boolean commentOf(String thing) {
        return kind.equals("comment") && object.equals(thing);
    }
}
