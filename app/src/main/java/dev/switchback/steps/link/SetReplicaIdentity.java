package dev.switchback.steps.link;

import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.engine.UndoAt;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.steps.World;
import dev.switchback.steps.replication.IdentityPlan;
import dev.switchback.steps.replication.IdentityPlan.Identity;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Gives every table of the source something to recognise its rows by, before anything is published:
 * without it the application's own UPDATE and DELETE would fail. The target gets the same with its
 * definitions.
 */
public final class SetReplicaIdentity implements Step {
    /** The statement needs the table for itself, for a moment: nobody is kept waiting longer. */
    private static final String PATIENCE = "SET lock_timeout = '500ms'";

    private static final int TRIES = 60;
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private final World world;
    private final boolean required;

    private SetReplicaIdentity(World world, boolean required) {
        this.world = world;
        this.required = required;
    }

    /** For strategy online: a table that cannot have one is in the way. */
    public static SetReplicaIdentity everywhere(World world) {
        return new SetReplicaIdentity(world, true);
    }

    /**
     * For strategy offline, whose way back needs it on the target, which gets it with the
     * definitions: a table that cannot have one means that there will be no reverse link.
     */
    public static SetReplicaIdentity wherePossible(World world) {
        return new SetReplicaIdentity(world, false);
    }

    @Override
    public String id() {
        return "set-replica-identity";
    }

    @Override
    public String title() {
        return "Give every table of the source a replica identity";
    }

    @Override
    public UndoAt undoAt() {
        return UndoAt.ABORT;
    }

    @Override
    public Observation observe(StepContext context) throws Exception {
        for (String database : world.databases()) {
            List<Identity> all = plan(database);
            List<Identity> missing = all.stream().filter(i -> i.impossible().isEmpty()).toList();
            Optional<Identity> impossible =
                    all.stream().filter(i -> i.impossible().isPresent()).findFirst();
            if (impossible.isPresent() && required) {
                return Observation.impossible(
                        new Problem(
                                Code.NO_IDENTITY,
                                world.source().display()
                                        + "/"
                                        + database
                                        + " "
                                        + impossible.get().table(),
                                impossible.get().impossible().orElseThrow(),
                                "add a primary key to the table, or use strategy: offline"));
            }
            if (!missing.isEmpty()) {
                return Observation.todo(
                        database + ": " + missing.getFirst().table() + " has no identity");
            }
        }
        return Observation.done(context.captured());
    }

    private List<Identity> plan(String database) throws SQLException {
        try (Connection source = Pg.open(world.source(database, id()))) {
            return IdentityPlan.of(source, world.exclusions());
        }
    }

    /** The statements that put back what was there, numbered, one database after the other. */
    @Override
    public Facts capture(StepContext context) throws Exception {
        Facts facts = Facts.NONE;
        for (String database : world.databases()) {
            List<Identity> missing =
                    plan(database).stream().filter(i -> i.impossible().isEmpty()).toList();
            for (int i = 0; i < missing.size(); i++) {
                facts = facts.with(database + "." + i, missing.get(i).undoSql());
            }
        }
        return facts;
    }

    @Override
    public void apply(StepContext context) throws Exception {
        for (String database : world.databases()) {
            try (Connection source = Pg.open(world.source(database, id()))) {
                for (Identity identity : IdentityPlan.of(source, world.exclusions())) {
                    if (identity.impossible().isPresent()) {
                        continue;
                    }
                    context.note(identity.table() + ": " + identity.sql());
                    insist(context, source, identity.sql());
                }
            }
        }
    }

    @Override
    public void undo(StepContext context) throws Exception {
        for (String database : world.databases()) {
            try (Connection source = Pg.open(world.source(database, id()))) {
                for (Map.Entry<String, String> undo : context.captured().values().entrySet()) {
                    if (undo.getKey()
                            .matches(java.util.regex.Pattern.quote(database) + "\\.\\d+")) {
                        putBack(context, source, undo.getValue());
                    }
                }
            }
        }
    }

    /** Runs a captured statement; a table that was dropped meanwhile has nothing to put back. */
    public static void putBack(StepContext context, Connection source, String sql)
            throws SQLException, InterruptedException {
        try {
            insist(context, source, sql);
        } catch (SQLException e) {
            if (!"42P01".equals(e.getSQLState()) && !"3F000".equals(e.getSQLState())) {
                throw e;
            }
        }
    }

    private static void insist(StepContext context, Connection source, String sql)
            throws SQLException, InterruptedException {
        Sql.run(source, "SET default_transaction_read_only = off; " + PATIENCE);
        for (int i = 1; ; i++) {
            context.checkpoint();
            try {
                Sql.run(source, sql);
                return;
            } catch (SQLException e) {
                if (i == TRIES || !LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(250);
            }
        }
    }
}
