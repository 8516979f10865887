package dev.switchback.steps.proof;

import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.health.ApplicationHealth;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sha256;
import dev.switchback.pg.Sql;
import dev.switchback.pg.UserTable;
import dev.switchback.schema.SchemaFingerprint;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Records what the source and its applications were before the service stopped: size, tables,
 * sessions, the schema's fingerprint, and the applications' health.
 */
public final class RecordBaseline implements Step {
    public static final String ID = "record-baseline";

    /** The fact that holds an {@link ApplicationHealth}. */
    public static final String HEALTH = "health";

    private final World world;

    public RecordBaseline(World world) {
        this.world = world;
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String title() {
        return "Record the source's size, sessions and schema";
    }

    @Override
    public boolean acts() {
        return false;
    }

    @Override
    public Observation observe(StepContext context) throws Exception {
        Facts facts = Facts.NONE;
        for (String database : world.databases()) {
            try (Connection source = Pg.open(world.source(database, ID))) {
                facts =
                        facts.with(
                                        "bytes." + database,
                                        Sql.one(
                                                source,
                                                "SELECT pg_database_size(current_database())"))
                                .with(
                                        "tables." + database,
                                        String.valueOf(
                                                UserTable.tables(source, world.exclusions())
                                                        .size()))
                                .with(
                                        "sessions." + database,
                                        Sql.one(
                                                source,
                                                """
                                                SELECT count(*) FROM pg_stat_activity
                                                WHERE datname = current_database() AND backend_type = 'client backend'
                                                """))
                                .with("schema." + database, fingerprint(source, world));
            }
        }
        ApplicationHealth health =
                ApplicationHealth.read(
                        world.kube(),
                        world.writers(),
                        world.databases().stream().map(d -> world.source(d, ID)).toList(),
                        world.exclusions());
        return Observation.done(facts.with(HEALTH, health.toJson()));
    }

    /** One digest over the whole fingerprint: enough to see that something changed. */
    static String fingerprint(Connection connection, World world) throws SQLException {
        return Sha256.hex(SchemaFingerprint.of(connection, world.exclusions()).toString());
    }
}
