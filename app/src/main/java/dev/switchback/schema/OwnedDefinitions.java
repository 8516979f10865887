package dev.switchback.schema;

import dev.switchback.pg.Exclusions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A database's definitions with the owners told apart, so that another owner is one difference and
 * not one more in every grant.
 *
 * @param definitions key → definition; {@code owner table public.t} → the owner's name; in grants
 *     the owner is called OWNER
 * @param owners object → its owner
 */
record OwnedDefinitions(
        SortedMap<String, String> definitions,
        SortedMap<String, String> owners,
        Exclusions exclusions) {
    private static final String GRANTS = "privileges on ";
    private static final Pattern OWNED =
            Pattern.compile("owner (\"(?:[^\"]|\"\")*\"|[^ ]+)(?: (.*))?", Pattern.DOTALL);

    /** A comma outside quotes. */
    private static final Pattern COMMA = Pattern.compile(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)");

    static OwnedDefinitions read(Connection connection, Exclusions exclusions) throws SQLException {
        SortedMap<String, String> all = SchemaFingerprint.of(connection, exclusions);
        all.putAll(SchemaFingerprint.beside(connection, exclusions));
        SortedMap<String, String> apart = new TreeMap<>();
        SortedMap<String, String> owners = new TreeMap<>();
        all.forEach((key, definition) -> {
            Matcher owned = OWNED.matcher(definition);
            if (owned.matches() && !key.startsWith("comment on ")) {
                String object = object(key);
                owners.put(object, owned.group(1));
                apart.put("owner " + object, owned.group(1));
                apart.put(key, owned.group(2) == null ? "" : owned.group(2));
            } else {
                apart.put(key, definition);
            }
        });
        OwnedDefinitions read = new OwnedDefinitions(apart, owners, exclusions);
        apart.replaceAll((key, definition) ->
                key.startsWith(GRANTS) ? grants(definition, read.owner(key)) : definition);
        return read;
    }

    /** The words around a name go: {@code type public.t details} is {@code type public.t}. */
    private static String object(String key) {
        if (key.equals("database options")) {
            return "database";
        }
        String plain = key.startsWith("details of ") ? key.substring("details of ".length()) : key;
        return plain.startsWith("type ") && plain.endsWith(" details")
                ? plain.substring(0, plain.length() - " details".length())
                : plain;
    }

    /**
     * @param ownerless leaves out what the owner is granted
     */
    String definition(String key, boolean ownerless) {
        String definition = definitions.getOrDefault(key, "");
        return ownerless
                ? Arrays.stream(COMMA.split(definition))
                        .filter(word -> !word.startsWith("OWNER="))
                        .collect(Collectors.joining(","))
                : definition;
    }

    /** Whether this is a list of grants on something whose owner stays behind. */
    boolean ownerExcluded(String key) {
        return key.startsWith(GRANTS) && exclusions.role(owner(key));
    }

    private String owner(String privileges) {
        String object = privileges.substring(GRANTS.length());
        if (!object.startsWith("column ")) {
            return owners.getOrDefault(object, "");
        }
        String table = ColumnPlaces.table(object.substring("column ".length()));
        return owners.getOrDefault("table " + table, owners.getOrDefault("view " + table, ""));
    }

    private static String grants(String list, String owner) {
        if (owner.isEmpty() || list.isEmpty()) {
            return list;
        }
        List<String> words = new ArrayList<>();
        for (String word : COMMA.split(list)) {
            words.add(
                    word.startsWith(owner + "=") ? "OWNER" + word.substring(owner.length()) : word);
        }
        words.sort(Comparator.naturalOrder());
        return String.join(",", words);
    }
}
