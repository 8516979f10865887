package dev.switchback.steps.link;

import dev.switchback.engine.Guard;
import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.link.Link;
import dev.switchback.pg.Pg;
import dev.switchback.schema.SchemaFingerprint;
import dev.switchback.steps.World;
import dev.switchback.steps.fence.FenceSource;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Definitions stay equal while the target follows: logical replication carries none, and shows no
 * lag over a table that it does not know.
 */
public final class DriftGuard implements Guard {
    private final World world;

    public DriftGuard(World world) {
        this.world = world;
    }

    @Override
    public String id() {
        return "no-drift";
    }

    @Override
    public String from() {
        return Subscribe.ID;
    }

    @Override
    public String until() {
        return FenceSource.ID;
    }

    @Override
    public Duration every() {
        return Duration.ofSeconds(30);
    }

    @Override
    public Optional<Problem> observe(StepContext context) throws Exception {
        for (Link link : new Links(world, context.migrationUid(), id()).forward()) {
            List<String> tables = link.tableDifferences(world.exclusions());
            if (!tables.isEmpty()) {
                return Optional.of(drift(link, String.join("; ", tables)));
            }
            try (Connection source = Pg.open(link.publisher());
                    Connection target = Pg.open(link.subscriber())) {
                List<String> differences =
                        SchemaFingerprint.differences(
                                SchemaFingerprint.of(source, world.exclusions()),
                                SchemaFingerprint.of(target, world.exclusions()));
                if (!differences.isEmpty()) {
                    return Optional.of(drift(link, differences.getFirst()));
                }
            }
        }
        return Optional.empty();
    }

    private Problem drift(Link link, String what) {
        return new Problem(
                Code.SCHEMA_DRIFT,
                link.publisher().display(),
                "a definition changed while the target follows: " + what,
                "make both sides equal by hand and run again, or switchback abort and migrate again;"
                        + " a new table needs the latter");
    }
}
