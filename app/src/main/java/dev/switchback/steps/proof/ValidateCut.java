package dev.switchback.steps.proof;

import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sha256;
import dev.switchback.pg.TableId;
import dev.switchback.schema.SchemaFingerprint;
import dev.switchback.steps.Course;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The quick validation inside the pause of a followed database: definitions of both sides, and the
 * rows of as many tables, smallest first, as can be counted in a moment. What a count would take
 * long for is left to the comparison of every row on the pinned snapshots; the evidence names how
 * many. Sequences and large objects are compared by the steps that carry them.
 */
public final class ValidateCut implements Step {
    /** About half a second's reading. */
    private static final long COUNTED_BYTES = 64L << 20;

    private final World world;
    private final Course course;

    private ValidateCut(World world, Course course) {
        this.world = world;
        this.course = course;
    }

    public static ValidateCut forth(World world) {
        return new ValidateCut(world, Course.FORTH);
    }

    /** On the way back. */
    public static ValidateCut back(World world) {
        return new ValidateCut(world, Course.BACK);
    }

    @Override
    public String id() {
        return course.id("validate-cut", "validate-return");
    }

    @Override
    public String title() {
        return "Compare definitions, and row counts as far as they are quick";
    }

    @Override
    public boolean inDowntime() {
        return true;
    }

    @Override
    public boolean acts() {
        return false;
    }

    @Override
    public Observation observe(StepContext context) throws Exception {
        List<Problem> problems = new ArrayList<>();
        Facts facts = Facts.NONE;
        for (String database : world.databases()) {
            context.checkpoint();
            try (Connection from = Pg.open(course.from(world, database, id()));
                    Connection to = Pg.open(course.to(world, database, id()))) {
                List<Problem> different = definitions(context, database, from, to);
                problems.addAll(different);
                // tables that are not the same cannot be counted on both sides
                if (different.isEmpty()) {
                    context.checkpoint();
                    List<TableId> quick =
                            QuickCounts.smallest(from, world.exclusions(), COUNTED_BYTES);
                    problems.addAll(counts(database, quick, from, to));
                    facts = facts.with("counted." + database, String.valueOf(quick.size()));
                }
            }
        }
        return problems.isEmpty() ? Observation.done(facts) : new Observation.Impossible(problems);
    }

    private List<Problem> definitions(
            StepContext context, String database, Connection from, Connection to) throws Exception {
        List<Problem> problems = new ArrayList<>();
        Both<SortedMap<String, String>> both =
                Both.of(from, to, s -> SchemaFingerprint.of(s, world.exclusions()));
        if (course == Course.FORTH) {
            String before =
                    context.evidenceOf(RecordBaseline.ID)
                            .flatMap(f -> f.get("schema." + database))
                            .orElse("");
            if (!before.equals(Sha256.hex(both.from().toString()))) {
                problems.add(
                        new Problem(
                                Code.SCHEMA_DRIFT,
                                world.source().display() + "/" + database,
                                "its schema changed since it was copied",
                                "switchback abort, stop deployments that migrate the schema, and migrate again"));
            }
        }
        SchemaFingerprint.differences(both.from(), both.to())
                .forEach(d -> problems.add(differs(database, "schema: " + d)));
        return problems;
    }

    private List<Problem> counts(
            String database, List<TableId> tables, Connection from, Connection to)
            throws Exception {
        Both<SortedMap<TableId, Long>> both = Both.of(from, to, s -> QuickCounts.of(s, tables));
        List<Problem> problems = new ArrayList<>();
        both.from()
                .forEach((table, rows) -> {
                    Long there = both.to().get(table);
                    if (!rows.equals(there)) {
                        problems.add(
                                differs(
                                        database,
                                        table
                                                + ": "
                                                + rows
                                                + " rows on the "
                                                + course.id("source", "target")
                                                + ", "
                                                + there
                                                + " on the "
                                                + course.id("target", "source")));
                    }
                });
        return problems;
    }

    @FunctionalInterface
    private interface Question<T> {
        T to(Connection session) throws SQLException;
    }

    /** One answer a side, asked at the same time. */
    private record Both<T>(T from, T to) {
        static <T> Both<T> of(Connection from, Connection to, Question<T> question)
                throws Exception {
            try (ExecutorService beside = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<T> there = beside.submit(() -> question.to(from));
                T here = question.to(to);
                return new Both<>(there.get(), here);
            } catch (ExecutionException e) {
                throw e.getCause() instanceof Exception cause ? cause : e;
            }
        }
    }

    private Problem differs(String database, String what) {
        return new Problem(
                Code.CONTENT_DIFFERS,
                course.to(world, database, id()).display(),
                what,
                "nothing was switched; report this with 'switchback report -o json'");
    }
}
