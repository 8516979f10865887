package dev.switchback.steps.schema;

import dev.switchback.copy.CopyOptions;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.pg.Pg;
import dev.switchback.schema.PostData;
import dev.switchback.schema.SchemaFingerprint;
import dev.switchback.schema.SchemaFingerprint.Section;
import dev.switchback.schema.SchemaTransfer;
import dev.switchback.steps.SchemaArchive;
import dev.switchback.steps.Stops;
import dev.switchback.steps.World;
import dev.switchback.transfer.Transfer;
import java.sql.Connection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/**
 * Builds what copy-tables has not built yet: partitioned indexes, foreign keys, triggers and the
 * rest of the definitions; fills materialized views.
 */
public final class BuildIndexes implements Step {
    private final World world;
    private final boolean inDowntime;

    private BuildIndexes(World world, boolean inDowntime) {
        this.world = world;
        this.inDowntime = inDowntime;
    }

    public static BuildIndexes inDowntime(World world) {
        return new BuildIndexes(world, true);
    }

    /** While the applications write to the source. */
    public static BuildIndexes besideWriters(World world) {
        return new BuildIndexes(world, false);
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
        return inDowntime;
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
            Optional<PostData> post = archive.postData(context, id());
            SchemaTransfer schema = archive.transfer(context);
            context.note(database + ": constraints, triggers, the rest of the definitions");
            if (post.isPresent()) {
                new Transfer(
                                world.source(database, id()),
                                world.target(database, id()),
                                world.exclusions(),
                                _ -> true,
                                CopyOptions.of(context.attempt(), world.migration().jobs()),
                                new Stops(context))
                        .constraints(post.get(), true);
            } else {
                schema.restorePostData(
                        archive.path(), world.target(database, id()), world.migration().jobs());
            }
            schema.restoreLast(archive.path(), world.target(database, id()));
        }
    }
}
