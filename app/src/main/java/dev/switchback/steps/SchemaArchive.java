package dev.switchback.steps;

import dev.switchback.engine.StepContext;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Pg;
import dev.switchback.schema.ClientTools;
import dev.switchback.schema.PostData;
import dev.switchback.schema.SchemaTransfer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * The dump of one database's definitions in this process's scratch folder; a process that has none
 * makes it again.
 */
public final class SchemaArchive {
    private final World world;
    private final String database;

    public SchemaArchive(World world, String database) {
        this.world = world;
        this.database = database;
    }

    public Path path() {
        return world.workFolder()
                .resolve("schema-" + Integer.toHexString(database.hashCode()) + ".dump");
    }

    public SchemaTransfer transfer(StepContext context) throws SQLException {
        ClientTools tools =
                ClientTools.choose(
                        major(world.source(database, "versions")),
                        major(world.target(database, "versions")));
        return new SchemaTransfer(tools, world.exclusions(), new Stops(context));
    }

    /** Dumps afresh. */
    public void dump(StepContext context, String step) throws SQLException, InterruptedException {
        transfer(context).dump(world.source(database, step), path());
    }

    /**
     * Dumps only when this process has no dump yet: after a crash, when the source is fenced and
     * cannot have changed.
     */
    public void require(StepContext context, String step)
            throws SQLException, InterruptedException {
        if (!Files.exists(path())) {
            dump(context, step);
        }
    }

    /** Its entries after the rows; empty when only {@code pg_restore} can be trusted with them. */
    public Optional<PostData> postData(StepContext context, String step)
            throws SQLException, InterruptedException {
        require(context, step);
        try (Connection source = Pg.open(world.source(database, step))) {
            return transfer(context).postData(path(), source);
        }
    }

    private static int major(ConnectionSpec spec) throws SQLException {
        try (Connection connection = Pg.open(spec)) {
            return Pg.major(connection);
        }
    }
}
