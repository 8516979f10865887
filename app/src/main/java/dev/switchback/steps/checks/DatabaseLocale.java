package dev.switchback.steps.checks;

import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What decides how a database sorts, compares and folds case.
 *
 * @param provider {@code c} libc, {@code i} ICU, {@code b} built in
 * @param locale of ICU or built in; empty for libc
 */
record DatabaseLocale(
        String database,
        String encoding,
        String provider,
        String collate,
        String ctype,
        String locale,
        String rules) {

    static Optional<DatabaseLocale> of(Connection server, String database) throws SQLException {
        return Sql.list(
                        server,
                        Sql.resource(DatabaseLocale.class, "databases.sql"),
                        row ->
                                new DatabaseLocale(
                                        row.getString(1),
                                        row.getString(2),
                                        row.getString(3),
                                        row.getString(4),
                                        row.getString(5),
                                        row.getString(6),
                                        row.getString(7)),
                        database)
                .stream()
                .findFirst();
    }

    /** The same rules by name; {@code en_US.UTF-8} and {@code en_US.utf8} are one locale. */
    boolean sameNames(DatabaseLocale other) {
        return provider.equals(other.provider)
                && locale.equals(other.locale)
                && rules.equals(other.rules)
                && (!provider.equals("c") || plain(collate).equals(plain(other.collate)))
                && plain(ctype).equals(plain(other.ctype));
    }

    /** The collation of the server's own catalog that sorts like it. */
    List<String> candidates(Connection server) throws SQLException {
        return Sql.list(
                server,
                """
                SELECT quote_ident(collname) FROM pg_catalog.pg_collation
                WHERE collnamespace = 'pg_catalog'::regnamespace AND collprovider = ?::"char"
                  AND collencoding IN (-1, pg_char_to_encoding(?))
                  AND lower(replace(coalesce(collcollate, to_jsonb(pg_collation) ->> 'colllocale',
                                             to_jsonb(pg_collation) ->> 'colliculocale', ''), '-', '')) = ?
                ORDER BY collname
                """,
                row -> row.getString(1),
                provider,
                encoding,
                plain(provider.equals("c") ? collate : locale));
    }

    /** For messages: {@code libc en_US.UTF-8, ctype en_US.UTF-8}. */
    String words() {
        return switch (provider) {
            case "i" -> "ICU " + locale + (rules.isEmpty() ? "" : " with rules");
            case "b" -> "builtin " + locale;
            default -> "libc " + collate + (ctype.equals(collate) ? "" : ", ctype " + ctype);
        };
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replace("-", "");
    }
}
