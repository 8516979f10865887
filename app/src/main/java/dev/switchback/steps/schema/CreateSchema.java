package dev.switchback.steps.schema;

import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.engine.UndoAt;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.schema.Emptiness;
import dev.switchback.schema.SchemaFingerprint;
import dev.switchback.schema.SchemaFingerprint.Section;
import dev.switchback.schema.SchemaTransfer;
import dev.switchback.schema.TargetReset;
import dev.switchback.steps.SchemaArchive;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.List;
import java.util.SortedMap;

/**
 * Creates types, functions, tables and views on the target, with owners and privileges, without
 * indexes and constraints. Undo makes the database empty again, copied rows included: it is ours,
 * and its marker is checked.
 */
public final class CreateSchema implements Step {
    private final World world;
    private final UndoAt undoAt;

    private CreateSchema(World world, UndoAt undoAt) {
        this.world = world;
        this.undoAt = undoAt;
    }

    /** For one attempt: whatever ends it makes the database empty again. */
    public static CreateSchema forOneAttempt(World world) {
        return new CreateSchema(world, UndoAt.RELEASE);
    }

    /** Kept over a cutover that was put back: the rows go on following. */
    public static CreateSchema kept(World world) {
        return new CreateSchema(world, UndoAt.ABORT);
    }

    @Override
    public String id() {
        return "create-schema";
    }

    @Override
    public String title() {
        return "Create types, functions, tables and views on the target";
    }

    @Override
    public UndoAt undoAt() {
        return undoAt;
    }

    @Override
    public Observation observe(StepContext context) throws Exception {
        for (String database : world.databases()) {
            try (Connection source = Pg.open(world.source(database, id()));
                    Connection target = Pg.open(world.target(database, id()))) {
                SortedMap<String, String> wanted = preData(source);
                List<String> differences = SchemaFingerprint.differences(wanted, preData(target));
                if (!differences.isEmpty() && follows(target)) {
                    return Observation.impossible(
                            new Problem(
                                    Code.SCHEMA_DRIFT,
                                    world.source().display() + "/" + database,
                                    "a definition changed while the target follows: "
                                            + differences.getFirst(),
                                    "make both sides equal by hand and run again, or switchback abort and"
                                            + " migrate again"));
                }
                if (!differences.isEmpty()) {
                    return Observation.todo(database + ": " + differences.getFirst());
                }
            }
        }
        return Observation.done("databases", String.join(",", world.databases()));
    }

    /** Rows arrive here: it is not made anew under them. */
    private static boolean follows(Connection target) throws SQLException {
        return Sql.first(
                        target,
                        "SELECT 1 FROM pg_subscription WHERE subdbid ="
                                + " (SELECT oid FROM pg_database WHERE datname = current_database())")
                != null;
    }

    private SortedMap<String, String> preData(Connection connection) throws SQLException {
        return SchemaFingerprint.of(connection, world.exclusions(), EnumSet.of(Section.PRE_DATA));
    }

    @Override
    public void apply(StepContext context) throws Exception {
        for (String database : world.databases()) {
            boolean begun;
            try (Connection target = Pg.open(world.target(database, id()))) {
                begun = !Emptiness.userObjects(target, world.exclusions()).isEmpty();
            }
            if (begun) {
                TargetReset.reset(world.target("postgres", id()), database, context.migrationUid());
            }
            SchemaArchive archive = new SchemaArchive(world, database);
            archive.dump(context, id());
            takeOwner(database);
            SchemaTransfer transfer = archive.transfer(context);
            transfer.restorePreData(archive.path(), world.target(database, id()));
            List<String> leftOut =
                    transfer.restorePrivileges(archive.path(), world.target(database, id()));
            context.evidence("privilegesLeftOut." + database, String.valueOf(leftOut.size()));
        }
    }

    /** A dump of one database does not hold its owner. */
    private void takeOwner(String database) throws SQLException {
        String sql =
                "SELECT quote_ident(pg_get_userbyid(datdba)) FROM pg_database WHERE datname = current_database()";
        try (Connection source = Pg.open(world.source(database, id()));
                Connection target = Pg.open(world.target(database, id()))) {
            String owner = Sql.one(source, sql);
            if (!owner.equals(Sql.one(target, sql))) {
                Sql.run(
                        target,
                        "ALTER DATABASE " + Sql.identifier(database) + " OWNER TO " + owner);
            }
        }
    }

    @Override
    public void undo(StepContext context) throws Exception {
        for (String database : world.databases()) {
            TargetReset.reset(world.target("postgres", id()), database, context.migrationUid());
        }
    }
}
