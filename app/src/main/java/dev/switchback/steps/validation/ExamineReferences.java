package dev.switchback.steps.validation;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.pg.DataSession;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.spec.Validation;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks for rows of the target that refer to nothing, foreign key by foreign key, those that were
 * never validated included; and asks the document's queries.
 */
public final class ExamineReferences {
    private static final String CANCELLED = "57014";

    private final World world;

    public ExamineReferences(World world) {
        this.world = world;
    }

    private record ForeignKey(String name, String table, boolean validated, String orphans) {}

    Examined keys() throws SQLException {
        return keys(Duration.ZERO);
    }

    /**
     * The same, giving up a key that takes longer: it is noted as not looked at.
     *
     * @param longest for each key; zero waits for ever
     */
    public Examined keys(Duration longest) throws SQLException {
        List<Problem> problems = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        int keys = 0;
        for (String database : world.databases()) {
            try (Connection target = DataSession.reader(world.target(database, "validate"))) {
                target.setAutoCommit(false);
                Sql.run(target, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
                for (ForeignKey key : read(target)) {
                    keys++;
                    Savepoint before = target.setSavepoint();
                    Sql.run(target, "SET LOCAL statement_timeout = " + longest.toMillis());
                    long orphans;
                    try {
                        orphans = Long.parseLong(Sql.one(target, key.orphans));
                    } catch (SQLException e) {
                        if (!CANCELLED.equals(e.getSQLState())) {
                            throw e;
                        }
                        target.rollback(before);
                        notes.add(
                                key.name
                                        + " on "
                                        + key.table
                                        + " was not looked at: it takes longer than "
                                        + longest.toSeconds()
                                        + " s");
                        continue;
                    }
                    if (orphans > 0) {
                        problems.add(
                                new Problem(
                                        Code.REFERENCE_BROKEN,
                                        world.target().display() + "/" + database,
                                        orphans
                                                + " rows of "
                                                + key.table
                                                + " refer to nothing ("
                                                + key.name
                                                + ")",
                                        "find them with: "
                                                + key.orphans.replace("count(*)", "c.*")));
                    } else if (!key.validated) {
                        notes.add(
                                key.name
                                        + " on "
                                        + key.table
                                        + " is NOT VALID, and every row of it refers to something");
                    }
                }
                target.rollback();
            }
        }
        return Examined.of("references", keys + " foreign keys, every row", problems, notes);
    }

    private List<ForeignKey> read(Connection target) throws SQLException {
        return Sql.list(
                target,
                Sql.resource(ExamineReferences.class, "foreign-keys.sql"),
                row ->
                        new ForeignKey(
                                row.getString(1),
                                row.getString(2),
                                row.getBoolean(3),
                                row.getString(4)),
                world.exclusions().schemaArray(target));
    }

    /** The document's own queries, each read-only and no longer than a minute. */
    Examined queries() {
        List<Problem> problems = new ArrayList<>();
        List<Problem> unread = new ArrayList<>();
        List<Validation.Query> queries = world.migration().validation().queries();
        for (Validation.Query query : queries) {
            String database = query.database().orElse(world.databases().getFirst());
            try (Connection target = Pg.open(world.target(database, "validate"))) {
                target.setAutoCommit(false);
                Sql.run(target, "SET TRANSACTION READ ONLY");
                Sql.run(target, "SET LOCAL statement_timeout = '60s'");
                String answer = String.valueOf(Sql.first(target, query.sql()));
                target.rollback();
                if (!answer.equals(query.expect())) {
                    problems.add(
                            new Problem(
                                    Code.QUERY_UNEXPECTED,
                                    database + ": " + query.sql(),
                                    "answers " + answer + ", not " + query.expect(),
                                    "look at the rows, or correct spec.validate.queries"));
                }
            } catch (SQLException e) {
                unread.add(
                        new Problem(
                                Code.VALIDATION_UNREAD,
                                database + ": " + query.sql(),
                                Pg.words(e),
                                "correct spec.validate.queries"));
            }
        }
        return Examined.of(
                "queries",
                queries.size() + " queries of the document",
                problems,
                unread,
                List.of());
    }
}
