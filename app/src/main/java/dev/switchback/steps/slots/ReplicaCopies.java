package dev.switchback.steps.slots;

import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.steps.slots.ServerSlots.Slot;
import dev.switchback.zalando.LogicalSlot;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** What Patroni leaves behind on a replica when a slot is declared no longer. */
final class ReplicaCopies {
    private ReplicaCopies() {}

    /**
     * Drops our slots on a standby; on a server that is the leader meanwhile nothing is dropped.
     *
     * @return how many were dropped
     * @throws SwitchbackException what {@link Pg#open} throws, PG_FAILED
     */
    static int drop(ConnectionSpec replica, List<LogicalSlot> slots) {
        try (Connection connection = Pg.open(replica)) {
            ServerSlots there = ServerSlots.read(connection);
            int dropped = 0;
            for (LogicalSlot slot : slots) {
                Optional<Slot> copy = there.slot(slot.name());
                if (there.recovering()
                        && copy.filter(c -> c.plugin().equals(slot.plugin())).isPresent()) {
                    Sql.list(
                            connection,
                            "SELECT pg_drop_replication_slot(?)",
                            row -> "",
                            slot.name());
                    dropped++;
                }
            }
            return dropped;
        } catch (SQLException e) {
            throw new SwitchbackException(
                    Code.PG_FAILED,
                    replica.display(),
                    "dropping the copies of our slots failed: " + Pg.words(e),
                    "run it again");
        }
    }
}
