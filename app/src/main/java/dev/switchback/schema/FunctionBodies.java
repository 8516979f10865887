package dev.switchback.schema;

import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Says where two functions differ: in the first line of their bodies, or in their attributes. */
final class FunctionBodies {
    private static final String BODY =
            """
            SELECT p.prosrc FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
             WHERE pg_catalog.format('%I.%I(%s)', n.nspname, p.proname,
                                     pg_catalog.regexp_replace(pg_catalog.pg_get_function_identity_arguments(p.oid),
                                                               '(^|, )IN ', '\\1', 'g')) = ?
            """;

    private final Connection source;
    private final Connection target;

    FunctionBodies(Connection source, Connection target) {
        this.source = source;
        this.target = target;
    }

    SchemaDifference name(String function, String wanted, String found) throws SQLException {
        List<String> one = body(source, function);
        List<String> other = body(target, function);
        for (int i = 0; i < Math.max(one.size(), other.size()); i++) {
            String here = i < one.size() ? one.get(i) : "";
            String there = i < other.size() ? other.get(i) : "";
            if (!here.equals(there)) {
                return new SchemaDifference(
                        "function", function, line(i, here), line(i, there), false);
            }
        }
        return new SchemaDifference("function", function, wanted, found, false);
    }

    private static String line(int number, String text) {
        return "body, line " + (number + 1) + ": " + text.strip();
    }

    private static List<String> body(Connection connection, String function) throws SQLException {
        return SchemaFingerprint.withCatalogPath(
                connection,
                () -> {
                    String text = Sql.first(connection, BODY, function);
                    return text == null ? List.of() : text.lines().toList();
                });
    }
}
