package dev.switchback.view;

import dev.switchback.engine.Facts;
import dev.switchback.pg.Sql;
import dev.switchback.spec.Migration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;

/** What gives the target's databases the grants and comments back that were captured. */
final class GrantsUndo {
    /** As the step writes its captured values. */
    private static final String BETWEEN = "\u001f";

    /** psql runs what this prints. */
    private static final String REVOKE =
            """
            SELECT DISTINCT format('REVOKE ALL ON DATABASE %%I FROM %%s CASCADE', d.datname,
                                   CASE WHEN x.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(r.rolname) END)
              FROM pg_database d
             CROSS JOIN LATERAL aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) x
              LEFT JOIN pg_roles r ON r.oid = x.grantee
             WHERE d.datname = %s AND (x.grantee = 0 OR r.rolname IS NOT NULL) \\gexec
            """;

    private GrantsUndo() {}

    /**
     * @param captured statements by database, with {@code %1$s} for its name
     */
    static List<String> of(Migration migration, Facts captured) {
        List<String> lines = new ArrayList<>();
        lines.add("# grants and comments of the target's databases, as they were");
        lines.add(
                "kubectl -n "
                        + migration.target().namespace()
                        + " exec -i "
                        + migration.target().cluster()
                        + "-1 -c postgres -- psql -U postgres -d postgres -v ON_ERROR_STOP=1 <<'SQL'   # on the primary's pod");
        captured.values()
                .forEach((database, statements) -> {
                    String name = Sql.identifier(database);
                    REVOKE.formatted(Sql.literal(database)).lines().forEach(lines::add);
                    lines.add("COMMENT ON DATABASE " + name + " IS NULL;");
                    for (String statement : statements.split(BETWEEN)) {
                        if (!statement.isEmpty()) {
                            lines.add(
                                    statement.replaceFirst("%1\\$s", Matcher.quoteReplacement(name))
                                            + ";");
                        }
                    }
                });
        lines.add("SQL");
        return lines;
    }
}
