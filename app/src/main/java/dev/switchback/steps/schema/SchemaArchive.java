package dev.switchback.steps.schema;

import dev.switchback.engine.StepContext;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Pg;
import dev.switchback.schema.ClientTools;
import dev.switchback.schema.SchemaTransfer;
import dev.switchback.steps.Stops;
import dev.switchback.steps.World;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * The dump of one database's definitions in this process's scratch folder; a process that has none
 * makes it again.
 */
final class SchemaArchive {
    private final World world;
    private final String database;

    SchemaArchive(World world, String database) {
        this.world = world;
        this.database = database;
    }

    Path path() {
        return world.workFolder()
                .resolve("schema-" + Integer.toHexString(database.hashCode()) + ".dump");
    }

    SchemaTransfer transfer(StepContext context) throws SQLException {
        ClientTools tools =
                ClientTools.choose(
                        major(world.source(database, "versions")),
                        major(world.target(database, "versions")));
        return new SchemaTransfer(tools, world.exclusions(), new Stops(context));
    }

    /** Dumps afresh. */
    void dump(StepContext context, String step) throws SQLException, InterruptedException {
        transfer(context).dump(world.source(database, step), path());
    }

    /**
     * Dumps only when this process has no dump yet: after a crash, when the source is fenced and
     * cannot have changed.
     */
    void require(StepContext context, String step) throws SQLException, InterruptedException {
        if (!Files.exists(path())) {
            dump(context, step);
        }
    }

    private static int major(ConnectionSpec spec) throws SQLException {
        try (Connection connection = Pg.open(spec)) {
            return Pg.major(connection);
        }
    }
}
