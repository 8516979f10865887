package dev.switchback.steps.roles;

import dev.switchback.pg.Pg;
import dev.switchback.roles.RolePlan;
import dev.switchback.roles.RolePolicy;
import dev.switchback.roles.RoleTransfer;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * The roles to carry, planned from a fresh read of both sides, with the target's session that acts
 * on them.
 */
record Carried(World world, Connection target, RoleTransfer transfer, RolePlan plan)
        implements AutoCloseable {

    static Carried open(World world, String step) throws SQLException {
        RoleTransfer transfer = new RoleTransfer(RolePolicy.ZALANDO);
        Connection target = Pg.open(world.target("postgres", step));
        try (Connection source = Pg.open(world.source("postgres", step))) {
            return new Carried(
                    world, target, transfer, transfer.plan(source, target, world.databases()));
        } catch (SQLException | RuntimeException e) {
            target.close();
            throw e;
        }
    }

    @Override
    public void close() throws SQLException {
        target.close();
    }
}
