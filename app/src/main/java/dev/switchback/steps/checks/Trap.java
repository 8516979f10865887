package dev.switchback.steps.checks;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.pg.Sql;
import dev.switchback.steps.Findings;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * One thing that a look into the catalog shows: every row of its query is a finding.
 *
 * @param name of the query, which answers {@code object, what}
 * @param place where it is asked
 * @param blocks whether a finding blocks until the document accepts it; else it warns
 * @param remedy with {@code {object}} where the finding's object belongs
 */
record Trap(String name, Place place, boolean blocks, Code code, String why, String remedy) {

    /** Which session asks. */
    enum Place {
        EACH_DATABASE,
        /** Once, in database {@code postgres} of the source. */
        SERVER,
        /** Once, in database {@code postgres}, where pg_cron's table is. */
        CRON
    }

    static Trap blocks(String name, Place place, Code code, String why, String remedy) {
        return new Trap(name, place, true, code, why, remedy);
    }

    static Trap warns(String name, Place place, Code code, String why, String remedy) {
        return new Trap(name, place, false, code, why, remedy);
    }

    /**
     * @param prefix of the objects found: {@code database } or nothing
     * @return how many were found
     */
    int look(Connection connection, Query queries, String prefix, Findings findings)
            throws SQLException {
        var found =
                Sql.list(
                        connection,
                        queries.text(name),
                        row -> {
                            String object = row.getString(1);
                            return new Problem(
                                    code,
                                    prefix + object,
                                    row.getString(2),
                                    remedy.replace("{object}", object),
                                    why);
                        });
        found.forEach(blocks ? findings::block : findings::warn);
        return found.size();
    }
}
