package dev.switchback.steps.slots;

import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Lsn;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The slots of one server of the source, as it tells them itself.
 *
 * @param recovering whether it is a standby
 */
record ServerSlots(boolean recovering, Map<String, Slot> slots) {

    /**
     * One slot.
     *
     * @param plugin empty for a physical one
     * @param catalogXmin oldest transaction whose catalog rows it keeps, 32 bits; empty while it
     *     keeps none
     * @param confirmed what its consumer has confirmed; empty for a physical one
     */
    record Slot(
            String name,
            String plugin,
            String database,
            OptionalLong catalogXmin,
            Optional<Lsn> confirmed,
            String walStatus) {
        boolean isLogical() {
            return !plugin.isEmpty();
        }
    }

    Optional<Slot> slot(String name) {
        return Optional.ofNullable(slots.get(name));
    }

    List<Slot> logical() {
        return slots.values().stream().filter(Slot::isLogical).toList();
    }

    /**
     * @throws SwitchbackException what {@link Pg#open} throws, PG_FAILED
     */
    static ServerSlots read(ConnectionSpec server) {
        try (Connection connection = Pg.open(server)) {
            return read(connection);
        } catch (SQLException e) {
            throw new SwitchbackException(
                    Code.PG_FAILED,
                    server.display(),
                    "reading its replication slots failed: " + Pg.words(e),
                    "try again");
        }
    }

    static ServerSlots read(Connection connection) throws SQLException {
        boolean recovering = Sql.one(connection, "SELECT pg_is_in_recovery()").equals("t");
        Map<String, Slot> slots = new LinkedHashMap<>();
        for (Slot slot :
                Sql.list(
                        connection,
                        Sql.resource(ServerSlots.class, "slots.sql"),
                        row ->
                                new Slot(
                                        row.getString(1),
                                        row.getString(2),
                                        row.getString(3),
                                        number(row.getString(4)),
                                        lsn(row.getString(5)),
                                        row.getString(6)))) {
            slots.put(slot.name(), slot);
        }
        return new ServerSlots(recovering, slots);
    }

    private static OptionalLong number(String text) {
        return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
    }

    private static Optional<Lsn> lsn(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(Lsn.parse(text));
    }
}
