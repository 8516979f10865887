package dev.switchback.steps.data;

import dev.switchback.copy.Analyze;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.pg.TableId;
import dev.switchback.pg.UserTable;
import dev.switchback.steps.Stops;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.util.HashSet;
import java.util.Set;

/** Gives the planner statistics before the first query comes. */
public final class AnalyzeTarget implements Step {
    private final World world;

    public AnalyzeTarget(World world) {
        this.world = world;
    }

    @Override
    public String id() {
        return "analyze-target";
    }

    @Override
    public String title() {
        return "Collect statistics on the target";
    }

    @Override
    public boolean inDowntime() {
        return true;
    }

    @Override
    public Observation observe(StepContext context) throws Exception {
        for (String database : world.databases()) {
            try (Connection target = Pg.open(world.target(database, id()))) {
                Set<TableId> wanted = new HashSet<>();
                UserTable.tables(target, world.exclusions()).forEach(t -> wanted.add(t.id()));
                Sql.list(
                                target,
                                "SELECT schemaname, relname FROM pg_stat_user_tables WHERE last_analyze IS NOT NULL",
                                row -> new TableId(row.getString(1), row.getString(2)))
                        .forEach(wanted::remove);
                if (!wanted.isEmpty()) {
                    return Observation.todo(
                            database + ": " + wanted.size() + " tables without statistics");
                }
            }
        }
        return Observation.done("databases", String.join(",", world.databases()));
    }

    @Override
    public void apply(StepContext context) throws Exception {
        for (String database : world.databases()) {
            Analyze.all(
                    world.target(database, id()),
                    world.exclusions(),
                    world.migration().jobs(),
                    new Stops(context));
        }
    }
}
