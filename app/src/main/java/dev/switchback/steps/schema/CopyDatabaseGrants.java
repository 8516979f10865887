package dev.switchback.steps.schema;

import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.engine.UndoAt;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.schema.DatabaseGrants;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Gives each database the source's grants and comment, which no dump of a database holds. */
public final class CopyDatabaseGrants implements Step {
    /** Between captured statements; no name and no comment holds it. */
    private static final String BETWEEN = "\u001f";

    private final World world;

    public CopyDatabaseGrants(World world) {
        this.world = world;
    }

    @Override
    public String id() {
        return "copy-database-grants";
    }

    @Override
    public String title() {
        return "Give the databases the source's grants and comments";
    }

    @Override
    public UndoAt undoAt() {
        return UndoAt.ABORT;
    }

    @Override
    public Observation observe(StepContext context) throws Exception {
        try (Connection server = Pg.open(world.target("postgres", id()))) {
            for (String database : world.databases()) {
                if (!wanted(database).equals(present(server, database))) {
                    return Observation.todo("the grants on " + database + " differ");
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
                facts = facts.with(database, String.join(BETWEEN, present(server, database)));
            }
        }
        return facts;
    }

    @Override
    public void apply(StepContext context) throws Exception {
        try (Connection server = Pg.open(world.target("postgres", id()))) {
            for (String database : world.databases()) {
                DatabaseGrants.write(server, database, world.exclusions(), wanted(database));
            }
        }
    }

    @Override
    public void undo(StepContext context) throws Exception {
        try (Connection server = Pg.open(world.target("postgres", id()))) {
            for (String database : world.databases()) {
                Optional<String> before = context.captured().get(database);
                if (before.isPresent()
                        && Sql.first(
                                        server,
                                        "SELECT 1 FROM pg_database WHERE datname = ?",
                                        database)
                                != null) {
                    DatabaseGrants.write(
                            server,
                            database,
                            world.exclusions(),
                            before.get().isEmpty()
                                    ? List.of()
                                    : List.of(before.get().split(BETWEEN)));
                }
            }
        }
    }

    private List<String> wanted(String database) throws SQLException {
        try (Connection source = Pg.open(world.source("postgres", id()))) {
            return DatabaseGrants.read(source, database, world.exclusions());
        }
    }

    private List<String> present(Connection server, String database) throws SQLException {
        return DatabaseGrants.read(server, database, world.exclusions());
    }
}
