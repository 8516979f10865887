package dev.switchback.steps.link;

import dev.switchback.engine.Guard;
import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.link.Link;
import dev.switchback.pg.Exclusions;
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

    /** A leader is elected meanwhile. */
    @Override
    public Duration patience() {
        return Duration.ofSeconds(90);
    }

    @Override
    public Optional<Problem> observe(StepContext context) throws Exception {
        for (Link link : new Links(world, context.migrationUid(), id()).forward()) {
            Optional<Problem> drift = drift(link, world.exclusions());
            if (drift.isPresent()) {
                return drift;
            }
        }
        return Optional.empty();
    }

    /** What differs between the two sides' tables and definitions now. */
    static Optional<Problem> drift(Link link, Exclusions exclusions) throws Exception {
        List<String> tables = link.tableDifferences(exclusions);
        if (!tables.isEmpty()) {
            return Optional.of(drift(link, String.join("; ", tables)));
        }
        try (Connection source = Pg.open(link.publisher());
                Connection target = Pg.open(link.subscriber())) {
            List<String> differences =
                    SchemaFingerprint.differences(
                            SchemaFingerprint.of(source, exclusions),
                            SchemaFingerprint.of(target, exclusions));
            return differences.isEmpty()
                    ? Optional.empty()
                    : Optional.of(drift(link, differences.getFirst()));
        }
    }

    private static Problem drift(Link link, String what) {
        return new Problem(
                Code.SCHEMA_DRIFT,
                link.publisher().display(),
                "a definition changed while the target follows: " + what,
                "make both sides equal by hand and run again, or switchback abort and migrate again;"
                        + " a new table needs the latter");
    }
}
