package dev.switchback.steps.data;

import dev.switchback.copy.CopyOptions;
import dev.switchback.copy.TableCopy;
import dev.switchback.copy.TableOutcome;
import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.pg.Pg;
import dev.switchback.pg.PinnedSnapshot;
import dev.switchback.pg.TableId;
import dev.switchback.pg.UserTable;
import dev.switchback.schema.PostData;
import dev.switchback.steps.CopyNarration;
import dev.switchback.steps.SchemaArchive;
import dev.switchback.steps.Stops;
import dev.switchback.steps.World;
import dev.switchback.transfer.Transfer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Copies every table under one snapshot of the fenced source; rows and the note about them in one
 * transaction. Indexes and statistics of a table follow as soon as it is complete.
 */
public final class CopyTables implements Step {
    private final World world;

    public CopyTables(World world) {
        this.world = world;
    }

    @Override
    public String id() {
        return "copy-tables";
    }

    @Override
    public String title() {
        return "Copy every table";
    }

    @Override
    public boolean inDowntime() {
        return true;
    }

    @Override
    public Observation observe(StepContext context) throws Exception {
        int tables = 0;
        for (String database : world.databases()) {
            Set<TableId> wanted = new HashSet<>();
            try (Connection source = Pg.open(world.source(database, id()))) {
                UserTable.tables(source, world.exclusions()).forEach(t -> wanted.add(t.id()));
            }
            tables += wanted.size();
            wanted.removeAll(copied(context, database));
            if (!wanted.isEmpty()) {
                return Observation.todo(database + ": " + wanted.size() + " tables left to copy");
            }
        }
        return Observation.done("tables", String.valueOf(tables));
    }

    private Set<TableId> copied(StepContext context, String database) throws SQLException {
        try (Connection target = Pg.open(world.target(database, id()))) {
            return TableCopy.copied(target, context.attempt());
        }
    }

    @Override
    public void apply(StepContext context) throws Exception {
        long rows = 0;
        long bytes = 0;
        for (String database : world.databases()) {
            Map<Long, PostData.TableWork> indexes =
                    new SchemaArchive(world, database)
                            .postData(context, id())
                            .map(PostData::byTable)
                            .orElse(Map.of());
            Transfer transfer =
                    new Transfer(
                            world.source(database, id()),
                            world.target(database, id()),
                            world.exclusions(),
                            _ -> true,
                            CopyOptions.of(context.attempt(), world.migration().jobs()),
                            new Stops(context));
            CopyNarration narration = new CopyNarration(context, database);
            try (PinnedSnapshot snapshot = PinnedSnapshot.open(world.source(database, id()))) {
                for (TableOutcome table :
                        transfer.rows(snapshot, indexes, true, false, null, narration::tell)
                                .tables()) {
                    rows += table.rows();
                    bytes += table.bytes();
                }
            }
        }
        context.evidence(Facts.of("rows", String.valueOf(rows), "bytes", String.valueOf(bytes)));
    }
}
