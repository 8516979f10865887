package dev.switchback.steps.replication;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Sql;
import dev.switchback.steps.Findings;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * One look into the catalog for what logical replication does not bear; every row of its query is a
 * finding.
 *
 * @param name of the query beside this class, which answers {@code object, what, remedy} and sees
 *     one row {@code given (schemas, databases)}: schemas left out, databases that move
 * @param place which session asks
 * @param level how much a finding weighs
 * @param why why it matters
 */
record Question(String name, Place place, Level level, Code code, String why) {

    /** Which session asks. */
    enum Place {
        SOURCE_DATABASE,
        /** Once, in database {@code postgres} of the source. */
        SOURCE_SERVER,
        TARGET_DATABASE,
        /** Once, in database {@code postgres} of the target. */
        TARGET_SERVER
    }

    /** How much a finding weighs. */
    enum Level {
        /** Nothing helps but mending it. */
        FAIL,
        /** Until the document accepts it. */
        BLOCK,
        WARN
    }

    private static final String GIVEN =
            "WITH given (schemas, databases) AS (VALUES (?::text[], ?::text[]))\n";

    /**
     * @param prefix of the objects found: {@code database } or nothing
     */
    void ask(
            Connection connection,
            Exclusions exclusions,
            List<String> databases,
            String prefix,
            Findings findings)
            throws SQLException {
        List<Problem> found =
                Sql.list(
                        connection,
                        GIVEN + Sql.resource(Question.class, name + ".sql"),
                        row ->
                                new Problem(
                                        code,
                                        prefix + row.getString(1),
                                        row.getString(2),
                                        row.getString(3),
                                        why),
                        exclusions.schemaArray(connection),
                        connection.createArrayOf("text", databases.toArray()));
        switch (level) {
            case FAIL -> found.forEach(findings::fail);
            case BLOCK -> found.forEach(findings::block);
            case WARN -> found.forEach(findings::warn);
        }
    }
}
