package dev.switchback.steps.replication;

import dev.switchback.engine.StepContext;
import dev.switchback.estimate.Rates;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.kube.Kube;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.steps.Chapter;
import dev.switchback.steps.Check;
import dev.switchback.steps.Findings;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;

/**
 * Both servers have what one link a database needs: logical WAL, a slot and a sender where changes
 * leave, a worker and an origin where they arrive; forward now, and the other way for the way back.
 * The source keeps the WAL for as long as it takes.
 */
public final class CheckLogicalWal extends Check {
    static final String LOGICAL = "logical";

    private static final long GIB = 1024L * 1024 * 1024;

    public CheckLogicalWal(World world) {
        super(
                world,
                Chapter.INFRASTRUCTURE,
                "check-logical-wal",
                "Check that both servers can replicate logically");
    }

    @Override
    protected void look(StepContext context, Findings findings) throws Exception {
        ServerLimits source = ServerLimits.source(world);
        ServerLimits target = ServerLimits.target(world);
        int links = world.databases().size();
        findings.saw("links", String.valueOf(links));
        try (Connection server = Pg.open(world.source("postgres", id()))) {
            ReplicationLimits limits = ReplicationLimits.of(server);
            source.look(limits, links, findings);
            room(server, limits, source, findings);
        }
        try (Connection server = Pg.open(world.targetReader("postgres", id()))) {
            target.look(ReplicationLimits.of(server), links, findings);
        }
    }

    private void room(
            Connection server, ReplicationLimits limits, ServerLimits source, Findings findings)
            throws SQLException, InterruptedException {
        List<Long> used =
                Sql.list(
                                server,
                                Sql.resource(CheckLogicalWal.class, "disk-use.sql"),
                                row -> List.of(row.getLong(1), row.getLong(2)))
                        .getFirst();
        long moving = 0;
        for (String database : world.databases()) {
            moving += Long.parseLong(Sql.one(server, "SELECT pg_database_size(?::name)", database));
        }
        double copy = Rates.assumed("no sample").copy() * Math.max(1, world.migration().jobs());
        String size = world.source().object().spec().path("volume").path("size").asText("");
        OptionalLong free =
                size.isEmpty()
                        ? OptionalLong.empty()
                        : OptionalLong.of(
                                Math.max(0, Kube.bytes(size) - used.getFirst() - used.getLast()));
        new WalRoom(
                        world.source().display(),
                        WalRate.measure(server).bytesASecond(),
                        moving / copy,
                        limits.slotKeepBytes(),
                        limits.maxWalBytes(),
                        free)
                .tell(
                        value -> source.set("max_slot_wal_keep_size", value),
                        more ->
                                source.patch(
                                        "{\"volume\":{\"size\":\""
                                                + ((Kube.bytes(size) + more) / GIB + 1)
                                                + "Gi\"}}"),
                        findings);
    }

    /** The source without logical WAL: not wrong, because a step mends it, but a restart. */
    static Problem restart(String server, String walLevel) {
        return new Problem(
                Code.WAL_NOT_LOGICAL,
                server,
                "wal_level is "
                        + walLevel
                        + ": step enable-logical-wal will set it to logical through the postgresql"
                        + " object, and the operator then restarts PostgreSQL on every member",
                "choose the hour for 'switchback migrate --until prepare': every member is away for some"
                        + " seconds, the leader too, and sessions end",
                "without logical WAL there is nothing to decode");
    }
}
