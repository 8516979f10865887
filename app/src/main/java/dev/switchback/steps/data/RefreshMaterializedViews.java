package dev.switchback.steps.data;

import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.pg.TableId;
import dev.switchback.pg.UserTable;
import dev.switchback.steps.Course;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Fills the materialized views that are filled on the side that was written last, those that others
 * are made of first: no link carries them.
 */
public final class RefreshMaterializedViews implements Step {
    private static final String DONE = "materializedViews";

    private final World world;
    private final Course course;

    private RefreshMaterializedViews(World world, Course course) {
        this.world = world;
        this.course = course;
    }

    public static RefreshMaterializedViews forth(World world) {
        return new RefreshMaterializedViews(world, Course.FORTH);
    }

    /** On the way back. */
    public static RefreshMaterializedViews back(World world) {
        return new RefreshMaterializedViews(world, Course.BACK);
    }

    @Override
    public String id() {
        return course.id("refresh-materialized-views", "return-materialized-views");
    }

    @Override
    public String title() {
        return "Refresh materialized views";
    }

    @Override
    public boolean inDowntime() {
        return true;
    }

    @Override
    public Observation observe(StepContext context) throws Exception {
        if (context.evidenceOf(id()).flatMap(f -> f.get(DONE)).isPresent()) {
            return Observation.done(Facts.NONE);
        }
        for (String database : world.databases()) {
            try (Connection from = Pg.open(course.from(world, database, id()))) {
                Set<TableId> filled = filled(from);
                if (!filled.isEmpty()) {
                    return Observation.todo(database + ": " + filled.size() + " to refresh");
                }
            }
        }
        return Observation.done(DONE, "0");
    }

    private Set<TableId> filled(Connection from) throws SQLException {
        return UserTable.materializedViews(from, world.exclusions()).stream()
                .filter(UserTable::populated)
                .map(UserTable::id)
                .collect(Collectors.toSet());
    }

    @Override
    public void apply(StepContext context) throws Exception {
        int views = 0;
        for (String database : world.databases()) {
            try (Connection from = Pg.open(course.from(world, database, id()));
                    Connection to = Pg.open(course.to(world, database, id()), Duration.ZERO)) {
                Set<TableId> filled = filled(from);
                Sql.run(to, "SET default_transaction_read_only = off; SET statement_timeout = 0");
                for (TableId view : inOrder(to)) {
                    if (filled.contains(view)) {
                        context.checkpoint();
                        Sql.run(to, "REFRESH MATERIALIZED VIEW " + view.sql());
                        views++;
                    }
                }
            }
        }
        context.evidence(DONE, String.valueOf(views));
    }

    private static List<TableId> inOrder(Connection connection) throws SQLException {
        return Sql.list(
                connection,
                Sql.resource(RefreshMaterializedViews.class, "materialized-views.sql"),
                row -> new TableId(row.getString(1), row.getString(2)));
    }
}
