package dev.switchback.steps.data;

import dev.switchback.copy.Analyze;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.pg.Pg;
import dev.switchback.pg.TableId;
import dev.switchback.steps.Stops;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.util.List;

/** Gives the planner statistics before the first query comes. */
public final class AnalyzeTarget implements Step {
    private final World world;
    private final boolean inDowntime;

    private AnalyzeTarget(World world, boolean inDowntime) {
        this.world = world;
        this.inDowntime = inDowntime;
    }

    public static AnalyzeTarget inDowntime(World world) {
        return new AnalyzeTarget(world, true);
    }

    /** While the applications write to the source. */
    public static AnalyzeTarget besideWriters(World world) {
        return new AnalyzeTarget(world, false);
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
        return inDowntime;
    }

    @Override
    public Observation observe(StepContext context) throws Exception {
        for (String database : world.databases()) {
            try (Connection target = Pg.open(world.target(database, id()))) {
                List<TableId> wanted = Analyze.never(target, world.exclusions());
                if (!wanted.isEmpty()) {
                    return Observation.todo(
                            database + ": " + wanted.size() + " relations without statistics");
                }
            }
        }
        return Observation.done("databases", String.join(",", world.databases()));
    }

    @Override
    public void apply(StepContext context) throws Exception {
        for (String database : world.databases()) {
            Analyze.missing(
                    world.target(database, id()),
                    world.exclusions(),
                    world.migration().jobs(),
                    new Stops(context));
        }
    }
}
