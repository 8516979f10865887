package dev.switchback.steps.schema;

import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.engine.UndoAt;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.Ours;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.schema.TargetReset;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Makes sure that every database exists on the target and carries our marker, by which it is known
 * to be ours.
 */
public final class PrepareTargetDatabases implements Step {
    private static final String ABSENT = "absent";

    private final World world;

    public PrepareTargetDatabases(World world) {
        this.world = world;
    }

    @Override
    public String id() {
        return "prepare-target-databases";
    }

    @Override
    public String title() {
        return "Create the databases on the target and mark them as ours";
    }

    @Override
    public UndoAt undoAt() {
        return UndoAt.ABORT;
    }

    @Override
    public Observation observe(StepContext context) throws Exception {
        try (Connection server = Pg.open(world.target("postgres", id()))) {
            for (String database : world.databases()) {
                if (!exists(server, database)) {
                    return Observation.todo("database " + database + " is not there");
                }
                try (Connection target = Pg.open(world.target(database, id()))) {
                    String marker = TargetReset.marker(target);
                    if (marker == null || !marker.equals(context.migrationUid())) {
                        return Observation.todo(
                                "database " + database + " does not carry our marker");
                    }
                }
            }
        }
        return Observation.done("databases", String.join(",", world.databases()));
    }

    @Override
    public Facts capture(StepContext context) throws Exception {
        Facts facts = Facts.NONE;
        try (Connection server = Pg.open(world.target("postgres", id()))) {
            for (String database : world.databases()) {
                facts = facts.with(database, exists(server, database) ? "present" : ABSENT);
            }
        }
        return facts;
    }

    @Override
    public void apply(StepContext context) throws Exception {
        try (Connection server = Pg.open(world.target("postgres", id()))) {
            for (String database : world.databases()) {
                if (!exists(server, database)) {
                    create(server, database);
                }
                try (Connection target = Pg.open(world.target(database, id()))) {
                    TargetReset.prepare(target, context.migrationUid());
                }
            }
        }
    }

    private void create(Connection server, String database) throws Exception {
        try (Connection source = Pg.open(world.source(database, id()))) {
            Sql.run(server, createStatement(source, Pg.major(server)));
        }
    }

    /**
     * The same encoding, locale and provider as of the session's database: another collation would
     * sort and compare differently. The owner follows with the schema, once the roles are there.
     */
    static String createStatement(Connection source, int targetMajor) throws SQLException {
        return Sql.one(
                source,
                Sql.resource(PrepareTargetDatabases.class, "create-database.sql"),
                targetMajor);
    }

    @Override
    public void undo(StepContext context) throws Exception {
        try (Connection server = Pg.open(world.target("postgres", id()))) {
            for (String database : world.databases()) {
                if (!exists(server, database)) {
                    continue;
                }
                String marker;
                try (Connection target = Pg.open(world.target(database, id()))) {
                    marker = TargetReset.marker(target);
                    if (marker == null) {
                        continue;
                    }
                    refuseForeign(database, marker, context.migrationUid());
                    if (context.captured().get(database).filter(ABSENT::equals).isEmpty()) {
                        Sql.run(target, "DROP SCHEMA " + Sql.identifier(Ours.SCHEMA) + " CASCADE");
                        continue;
                    }
                }
                Sql.run(server, "DROP DATABASE " + Sql.identifier(database) + " WITH (FORCE)");
            }
        }
    }

    private void refuseForeign(String database, String marker, String uid) {
        if (!marker.equals(uid)) {
            throw new SwitchbackException(
                    Code.TARGET_NOT_EMPTY,
                    world.target().display() + "/" + database,
                    "carries the marker of another migration (" + marker + ")",
                    "abort that migration, or name another target");
        }
    }

    private static boolean exists(Connection server, String database) throws SQLException {
        return Sql.first(server, "SELECT 1 FROM pg_database WHERE datname = ?", database) != null;
    }
}
