package dev.switchback.steps.link;

import dev.switchback.copy.CopyOptions;
import dev.switchback.copy.TableOutcome;
import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.engine.UndoAt;
import dev.switchback.link.Link;
import dev.switchback.pg.PinnedSnapshot;
import dev.switchback.pg.TableId;
import dev.switchback.schema.PostData;
import dev.switchback.steps.CopyNarration;
import dev.switchback.steps.SchemaArchive;
import dev.switchback.steps.Stops;
import dev.switchback.steps.World;
import dev.switchback.transfer.Transfer;
import java.util.Map;
import java.util.Set;

/**
 * Copies every published table, and the large objects, under the snapshot of the slot, while the
 * applications write. Indexes and statistics of a table follow as soon as it is complete; the
 * snapshot ends with the last row.
 */
public final class SeedTables implements Step {
    public static final String ID = "seed-tables";

    private final World world;

    public SeedTables(World world) {
        this.world = world;
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String title() {
        return "Copy every table under the slot's snapshot, while the applications write";
    }

    /**
     * Kept with the slot: forgotten at a release, it would leave the scope incomplete, and the next
     * try would begin with taking away a slot that is followed. {@link CreateSlot} takes it back.
     */
    @Override
    public UndoAt undoAt() {
        return UndoAt.ABORT;
    }

    @Override
    public Observation observe(StepContext context) throws Exception {
        int tables = 0;
        for (Link link : links(context).forward()) {
            if (!SeedNotes.complete(link)) {
                return Observation.todo(link.database() + " is not copied");
            }
            tables += link.published().size();
        }
        return Observation.done("tables", String.valueOf(tables));
    }

    @Override
    public void apply(StepContext context) throws Exception {
        long rows = 0;
        long bytes = 0;
        for (Link link : links(context).forward()) {
            if (SeedNotes.complete(link)) {
                continue;
            }
            String database = link.database();
            Set<TableId> published = link.published();
            PinnedSnapshot snapshot =
                    world.sessions()
                            .seed(database)
                            .orElseThrow(() ->
                                    new IllegalStateException(
                                            "the snapshot of " + database + " is not held"));
            Map<Long, PostData.TableWork> indexes =
                    new SchemaArchive(world, database)
                            .postData(context, ID)
                            .map(PostData::byTable)
                            .orElse(Map.of());
            CopyNarration narration = new CopyNarration(context, database);
            for (TableOutcome table :
                    new Transfer(
                                    world.source(database, ID),
                                    world.target(database, ID),
                                    world.exclusions(),
                                    published::contains,
                                    CopyOptions.of(SeedNotes.NUMBER, world.migration().jobs()),
                                    new Stops(context))
                            .rows(snapshot, indexes, true, true, null, narration::tell)
                            .tables()) {
                rows += table.rows();
                bytes += table.bytes();
            }
        }
        world.sessions().dropSeeds();
        context.evidence(Facts.of("rows", String.valueOf(rows), "bytes", String.valueOf(bytes)));
    }

    private Links links(StepContext context) {
        return new Links(world, context.migrationUid(), ID);
    }
}
