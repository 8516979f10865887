package dev.switchback.steps.schema;

import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.pg.Pg;
import dev.switchback.schema.SchemaFingerprint;
import dev.switchback.schema.SchemaFingerprint.Section;
import dev.switchback.schema.SchemaTransfer;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.util.EnumSet;
import java.util.List;

/**
 * Builds indexes, constraints, triggers and the rest of the definitions, and fills materialized
 * views.
 */
public final class BuildIndexes implements Step {
    private final World world;

    public BuildIndexes(World world) {
        this.world = world;
    }

    @Override
    public String id() {
        return "build-indexes";
    }

    @Override
    public String title() {
        return "Build indexes, constraints and triggers; fill materialized views";
    }

    @Override
    public boolean inDowntime() {
        return true;
    }

    @Override
    public Observation observe(StepContext context) throws Exception {
        for (String database : world.databases()) {
            try (Connection source = Pg.open(world.source(database, id()));
                    Connection target = Pg.open(world.target(database, id()))) {
                List<String> differences =
                        SchemaFingerprint.differences(
                                SchemaFingerprint.of(
                                        source, world.exclusions(), EnumSet.allOf(Section.class)),
                                SchemaFingerprint.of(
                                        target, world.exclusions(), EnumSet.allOf(Section.class)));
                if (!differences.isEmpty()) {
                    return Observation.todo(database + ": " + differences.getFirst());
                }
            }
        }
        return Observation.done("jobs", String.valueOf(world.migration().jobs()));
    }

    @Override
    public void apply(StepContext context) throws Exception {
        for (String database : world.databases()) {
            SchemaArchive archive = new SchemaArchive(world, database);
            archive.require(context, id());
            SchemaTransfer transfer = archive.transfer(context);
            context.note(database + ": indexes, constraints, triggers");
            transfer.restorePostData(
                    archive.path(), world.target(database, id()), world.migration().jobs());
            transfer.restoreLast(archive.path(), world.target(database, id()));
        }
    }
}
