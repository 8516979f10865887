package dev.switchback.steps.data;

import dev.switchback.copy.TableCopy;
import dev.switchback.copy.TableProgress;
import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.pg.Pg;
import dev.switchback.pg.TableId;
import dev.switchback.pg.UserTable;
import dev.switchback.steps.Stops;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Copies every table under one snapshot of the fenced source; each table and its progress row in
 * one transaction.
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
            TableCopy copy =
                    new TableCopy(
                            world.source(database, id()),
                            world.target(database, id()),
                            world.exclusions(),
                            context.attempt(),
                            world.migration().jobs());
            AtomicLong sent = new AtomicLong();
            TableCopy.Report report =
                    copy.run(progress -> tell(context, progress, sent), new Stops(context));
            rows += report.rows();
            bytes += report.bytes();
        }
        context.evidence(Facts.of("rows", String.valueOf(rows), "bytes", String.valueOf(bytes)));
    }

    private static void tell(StepContext context, TableProgress progress, AtomicLong total) {
        long all = progress.done() ? total.addAndGet(progress.bytes()) : total.get();
        context.note(
                String.format(
                        Locale.ROOT,
                        "%s: %,d rows%s; %.1f MB copied",
                        progress.table(),
                        progress.rows(),
                        progress.done() ? ", complete" : "",
                        all / 1e6));
    }
}
