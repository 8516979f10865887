package dev.switchback.steps.cleanup;

import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Before the fence goes: keeps applications out of the source by its own means, so that one that is
 * pointed there again by accident is refused at its login. Nobody but superusers may connect to the
 * migrated databases, and what connects is read-only by default
 * (docs/decisions/0025-a-source-that-is-left-stays-closed.md).
 */
public final class CloseSource implements Step {
    static final String WHY =
            "connection limit 0 and read-only by default, so that nobody comes back to the source by"
                    + " accident; it goes with the cluster, or with ALTER DATABASE … CONNECTION LIMIT -1"
                    + " and RESET default_transaction_read_only";

    private static final String ID = "close-source";

    private final World world;

    public CloseSource(World world) {
        this.world = world;
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String title() {
        return "Close the source to every login but a superuser's";
    }

    @Override
    public Observation observe(StepContext context) throws Exception {
        try (Connection source = Pg.open(world.source("postgres", ID))) {
            for (String database : world.databases()) {
                if (!isClosed(source, database)) {
                    return Observation.todo(database + " lets applications in");
                }
                String inside = Sql.one(source, SESSIONS, database);
                if (!inside.equals("0")) {
                    return Observation.todo(inside + " session(s) in " + database);
                }
            }
        }
        return Observation.done("source", "closed to logins");
    }

    private static final String SESSIONS =
            """
            SELECT count(*) FROM pg_stat_activity a JOIN pg_roles r ON r.oid = a.usesysid
            WHERE a.datname = ? AND a.backend_type = 'client backend' AND NOT r.rolsuper
            """;

    private static final String END =
            """
            WITH inside AS MATERIALIZED (
              SELECT a.pid FROM pg_stat_activity a JOIN pg_roles r ON r.oid = a.usesysid
              WHERE a.datname = ? AND a.backend_type = 'client backend' AND NOT r.rolsuper)
            SELECT count(*) FROM inside WHERE pg_terminate_backend(inside.pid)
            """;

    private static boolean isClosed(Connection source, String database) throws SQLException {
        return Sql.first(
                        source,
                        """
                        SELECT 1 FROM pg_database d WHERE d.datname = ? AND d.datconnlimit = 0
                        AND EXISTS (SELECT FROM pg_db_role_setting s, unnest(s.setconfig) AS setting
                                    WHERE s.setdatabase = d.oid AND s.setrole = 0
                                      AND setting = 'default_transaction_read_only=on')
                        """,
                        database)
                != null;
    }

    @Override
    public Facts capture(StepContext context) throws Exception {
        Facts facts = Facts.NONE;
        try (Connection source = Pg.open(world.source("postgres", ID))) {
            for (String database : world.databases()) {
                facts =
                        facts.with(
                                "connectionLimit/" + database,
                                Sql.one(
                                        source,
                                        "SELECT datconnlimit FROM pg_database WHERE datname = ?",
                                        database));
            }
        }
        return facts;
    }

    @Override
    public void apply(StepContext context) throws Exception {
        try (Connection source = Pg.open(world.source("postgres", ID))) {
            Sql.run(source, "SET default_transaction_read_only = off");
            for (String database : world.databases()) {
                String name = Sql.identifier(database);
                Sql.run(source, "ALTER DATABASE " + name + " CONNECTION LIMIT 0");
                Sql.run(
                        source,
                        "ALTER DATABASE " + name + " SET default_transaction_read_only = on");
                Sql.one(source, END, database);
            }
        }
    }
}
