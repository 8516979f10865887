package dev.switchback.steps.data;

import dev.switchback.copy.UnloggedTables;
import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.pg.Pg;
import dev.switchback.steps.Course;
import dev.switchback.steps.Stops;
import dev.switchback.steps.World;
import java.sql.Connection;

/** Copies unlogged tables while nobody writes: no link carries them. */
public final class CopyUnlogged implements Step {
    private static final String DONE = "unloggedTables";

    private final World world;
    private final Course course;

    private CopyUnlogged(World world, Course course) {
        this.world = world;
        this.course = course;
    }

    public static CopyUnlogged forth(World world) {
        return new CopyUnlogged(world, Course.FORTH);
    }

    /** On the way back. */
    public static CopyUnlogged back(World world) {
        return new CopyUnlogged(world, Course.BACK);
    }

    @Override
    public String id() {
        return course.id("copy-unlogged", "return-unlogged");
    }

    @Override
    public String title() {
        return "Copy unlogged tables";
    }

    @Override
    public boolean inDowntime() {
        return true;
    }

    /** What was copied while nobody writes stays right until somebody may. */
    @Override
    public Observation observe(StepContext context) throws Exception {
        if (context.evidenceOf(id()).flatMap(f -> f.get(DONE)).isPresent()) {
            return Observation.done(Facts.NONE);
        }
        for (String database : world.databases()) {
            try (Connection from = Pg.open(course.from(world, database, id()))) {
                int tables = UnloggedTables.of(from, world.exclusions()).size();
                if (tables > 0) {
                    return Observation.todo(database + ": " + tables + " unlogged tables");
                }
            }
        }
        return Observation.done(DONE, "0");
    }

    @Override
    public void apply(StepContext context) throws Exception {
        int tables = 0;
        long rows = 0;
        for (String database : world.databases()) {
            UnloggedTables.Copied copied =
                    UnloggedTables.copy(
                            course.from(world, database, id()),
                            course.to(world, database, id()),
                            world.exclusions(),
                            new Stops(context));
            tables += copied.tables();
            rows += copied.rows();
        }
        context.evidence(
                Facts.of(DONE, String.valueOf(tables), "unloggedRows", String.valueOf(rows)));
    }
}
