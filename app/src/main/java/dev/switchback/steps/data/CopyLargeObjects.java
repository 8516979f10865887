package dev.switchback.steps.data;

import dev.switchback.copy.LargeObjects;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.pg.Pg;
import dev.switchback.steps.Course;
import dev.switchback.steps.Stops;
import dev.switchback.steps.World;
import java.sql.Connection;

/** Copies large objects with their OIDs, owners and privileges. */
public final class CopyLargeObjects implements Step {
    private final World world;
    private final Course course;

    private CopyLargeObjects(World world, Course course) {
        this.world = world;
        this.course = course;
    }

    public static CopyLargeObjects forth(World world) {
        return new CopyLargeObjects(world, Course.FORTH);
    }

    /** On the way back. */
    public static CopyLargeObjects back(World world) {
        return new CopyLargeObjects(world, Course.BACK);
    }

    @Override
    public String id() {
        return course.id("copy-large-objects", "return-large-objects");
    }

    @Override
    public String title() {
        return "Copy large objects";
    }

    @Override
    public boolean inDowntime() {
        return true;
    }

    @Override
    public Observation observe(StepContext context) throws Exception {
        long objects = 0;
        for (String database : world.databases()) {
            try (Connection source = Pg.open(course.from(world, database, id()));
                    Connection target = Pg.open(course.to(world, database, id()))) {
                LargeObjects.Digest wanted = LargeObjects.digest(source);
                if (!wanted.equals(LargeObjects.digest(target))) {
                    return Observation.todo(database + ": the large objects differ");
                }
                objects += wanted.objects();
            }
        }
        return Observation.done("objects", String.valueOf(objects));
    }

    @Override
    public void apply(StepContext context) throws Exception {
        for (String database : world.databases()) {
            LargeObjects.copy(
                    course.from(world, database, id()),
                    course.to(world, database, id()),
                    world.exclusions(),
                    new Stops(context));
        }
    }
}
