package dev.switchback.steps.cleanup;

import dev.switchback.engine.Facts;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The replica identities that {@code set-replica-identity} changed on the source, and the target
 * got with its definitions, by the statements that put them back.
 *
 * @param captured by that step: {@code <database>.<number>} to statement
 */
record Identities(Facts captured) {
    private static final Pattern STATEMENT =
            Pattern.compile(
                    "ALTER TABLE ONLY (?<table>.+) REPLICA IDENTITY (?<to>DEFAULT|NOTHING|FULL|USING INDEX .+)");

    /**
     * One table whose identity is not what it was.
     *
     * @param published in a publication that is not ours: putting its identity back would make its
     *     updates fail
     */
    record Changed(String database, String table, String statement, boolean published) {}

    List<Changed> changed(java.util.function.Function<String, ConnectionSpec> side)
            throws SQLException {
        List<Changed> changed = new ArrayList<>();
        for (Map.Entry<String, String> each : captured.values().entrySet()) {
            String database = each.getKey().replaceFirst("\\.\\d+$", "");
            Matcher matcher = STATEMENT.matcher(each.getValue());
            if (!matcher.matches()) {
                throw new IllegalStateException(
                        "the journal's statement is of another version: " + each.getValue());
            }
            String table = matcher.group("table");
            try (Connection session = Pg.open(side.apply(database))) {
                String now =
                        Sql.first(
                                session,
                                "SELECT relreplident::text FROM pg_class WHERE oid = to_regclass(?)",
                                table);
                // a table that was dropped meanwhile has nothing to put back
                if (now != null && !now.equals(letter(matcher.group("to")))) {
                    changed.add(
                            new Changed(
                                    database, table, each.getValue(), published(session, table)));
                }
            }
        }
        return changed;
    }

    private static String letter(String words) {
        return words.substring(0, 1).toLowerCase(java.util.Locale.ROOT).replace('u', 'i');
    }

    private static boolean published(Connection session, String table) throws SQLException {
        return Sql.first(
                        session,
                        """
                        SELECT 1 FROM pg_publication_tables
                        WHERE format('%I.%I', schemaname, tablename)::regclass = to_regclass(?)
                          AND NOT starts_with(pubname, 'switchback_') LIMIT 1
                        """,
                        table)
                != null;
    }
}
