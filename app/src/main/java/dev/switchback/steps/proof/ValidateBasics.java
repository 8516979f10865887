package dev.switchback.steps.proof;

import dev.switchback.copy.LargeObjects;
import dev.switchback.copy.Sequences;
import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.pg.Pg;
import dev.switchback.schema.SchemaFingerprint;
import dev.switchback.steps.Stops;
import dev.switchback.steps.World;
import dev.switchback.verify.Counts;
import dev.switchback.verify.TableVerdict;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The quick validation inside the downtime: the schema is what it was before the fence and equal on
 * both sides, row counts, sequences and large objects are equal.
 */
public final class ValidateBasics implements Step {
    private final World world;

    public ValidateBasics(World world) {
        this.world = world;
    }

    @Override
    public String id() {
        return "validate-basics";
    }

    @Override
    public String title() {
        return "Compare schema, row counts, sequences and large objects";
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
            try (Connection source = Pg.open(world.source(database, id()));
                    Connection target = Pg.open(world.target(database, id()))) {
                problems.addAll(schema(context, database, source, target));
                Sequences.differences(
                                Sequences.read(source, world.exclusions()),
                                Sequences.read(target, world.exclusions()))
                        .forEach(d -> problems.add(differs(database, "sequence " + d)));
                if (!LargeObjects.digest(source).equals(LargeObjects.digest(target))) {
                    problems.add(differs(database, "the large objects differ"));
                }
            }
            List<TableVerdict> counts =
                    Counts.compare(
                            world.source(database, id()),
                            world.target(database, id()),
                            world.exclusions(),
                            world.migration().jobs(),
                            new Stops(context));
            counts.stream()
                    .filter(v -> !v.equal())
                    .forEach(v -> problems.add(differs(database, v.line())));
            facts =
                    facts.with("tables." + database, String.valueOf(counts.size()))
                            .with(
                                    "rows." + database,
                                    String.valueOf(
                                            counts.stream()
                                                    .mapToLong(TableVerdict::rowsSource)
                                                    .sum()));
        }
        return problems.isEmpty() ? Observation.done(facts) : new Observation.Impossible(problems);
    }

    private List<Problem> schema(
            StepContext context, String database, Connection source, Connection target)
            throws SQLException {
        List<Problem> problems = new ArrayList<>();
        String before =
                context.evidenceOf(RecordBaseline.ID)
                        .flatMap(f -> f.get("schema." + database))
                        .orElse("");
        if (!before.equals(RecordBaseline.fingerprint(source, world))) {
            problems.add(
                    new Problem(
                            Code.SCHEMA_DRIFT,
                            world.source().display() + "/" + database,
                            "its schema changed between the dump and the fence",
                            "stop deployments that migrate the schema, and run migrate again"));
        }
        SchemaFingerprint.differences(
                        SchemaFingerprint.of(source, world.exclusions()),
                        SchemaFingerprint.of(target, world.exclusions()))
                .forEach(d -> problems.add(differs(database, "schema: " + d)));
        return problems;
    }

    private Problem differs(String database, String what) {
        return new Problem(
                Code.CONTENT_DIFFERS,
                world.target().display() + "/" + database,
                what,
                "nothing was switched; report this with 'switchback report -o json'");
    }
}
