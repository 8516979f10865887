package dev.switchback.steps.proof;

import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sha256;
import dev.switchback.pg.TableId;
import dev.switchback.pg.UserTable;
import dev.switchback.schema.SchemaFingerprint;
import dev.switchback.steps.Course;
import dev.switchback.steps.Stops;
import dev.switchback.steps.World;
import dev.switchback.verify.Counts;
import dev.switchback.verify.TableVerdict;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
            definitions(context, database, problems);
            Set<TableId> quick = quick(database);
            List<TableVerdict> counts =
                    Counts.compare(
                            course.from(world, database, id()),
                            course.to(world, database, id()),
                            world.exclusions(),
                            quick::contains,
                            world.migration().jobs(),
                            new Stops(context));
            counts.stream()
                    .filter(v -> !v.equal())
                    .forEach(v -> problems.add(differs(database, v.line())));
            facts = facts.with("counted." + database, String.valueOf(counts.size()));
        }
        return problems.isEmpty() ? Observation.done(facts) : new Observation.Impossible(problems);
    }

    private void definitions(StepContext context, String database, List<Problem> problems)
            throws Exception {
        SortedMap<String, String> from;
        SortedMap<String, String> to;
        try (ExecutorService both = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<SortedMap<String, String>> there =
                    both.submit(() -> fingerprint(course.from(world, database, id())));
            to = fingerprint(course.to(world, database, id()));
            from = there.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
        if (course == Course.FORTH) {
            String before =
                    context.evidenceOf(RecordBaseline.ID)
                            .flatMap(f -> f.get("schema." + database))
                            .orElse("");
            if (!before.equals(Sha256.hex(from.toString()))) {
                problems.add(
                        new Problem(
                                Code.SCHEMA_DRIFT,
                                world.source().display() + "/" + database,
                                "its schema changed since it was copied",
                                "switchback abort, stop deployments that migrate the schema, and migrate again"));
            }
        }
        SchemaFingerprint.differences(from, to)
                .forEach(d -> problems.add(differs(database, "schema: " + d)));
    }

    private SortedMap<String, String> fingerprint(ConnectionSpec side) throws SQLException {
        try (Connection connection = Pg.open(side)) {
            return SchemaFingerprint.of(connection, world.exclusions());
        }
    }

    private Set<TableId> quick(String database) throws SQLException {
        try (Connection from = Pg.open(course.from(world, database, id()))) {
            Set<TableId> quick = new HashSet<>();
            long bytes = 0;
            for (UserTable table :
                    UserTable.tables(from, world.exclusions()).stream()
                            .sorted(Comparator.comparingLong(UserTable::bytes))
                            .toList()) {
                bytes += table.bytes();
                if (bytes > COUNTED_BYTES) {
                    break;
                }
                quick.add(table.id());
            }
            return quick;
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
