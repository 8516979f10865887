package dev.switchback.steps.replication;

import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What one server allows for replication, and how much of it others use. Senders and workers that
 * others started are counted as far as the session may see them.
 *
 * @param walLevel {@code minimal}, {@code replica} or {@code logical}
 * @param originsSetting the setting that limits origins: of its own since 18
 * @param slotKeepBytes {@code max_slot_wal_keep_size}; -1 means without limit
 * @param maxWalBytes {@code max_wal_size}
 */
record ReplicationLimits(
        String walLevel,
        Use slots,
        Use senders,
        Use workers,
        Use processes,
        Use origins,
        String originsSetting,
        long slotKeepBytes,
        long maxWalBytes,
        String synchronousStandbys) {
    private static final long MIB = 1024L * 1024;

    /** Of one kind. */
    record Use(int allowed, int used) {
        boolean fits(int more) {
            return used + more <= allowed;
        }
    }

    static ReplicationLimits of(Connection server) throws SQLException {
        Map<String, String> read =
                Sql.list(
                                server,
                                Sql.resource(ReplicationLimits.class, "limits.sql"),
                                row -> Map.entry(row.getString(1), row.getString(2)))
                        .stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        Reading reading = new Reading(read);
        int logical = reading.number("used_logical_workers");
        long keep = reading.number("max_slot_wal_keep_mib");
        return new ReplicationLimits(
                reading.text("wal_level"),
                new Use(reading.number("max_replication_slots"), reading.number("used_slots")),
                new Use(reading.number("max_wal_senders"), reading.number("used_senders")),
                new Use(reading.number("max_logical_replication_workers"), logical),
                new Use(
                        reading.number("max_worker_processes"),
                        reading.number("used_processes") + logical),
                new Use(reading.number("origins"), reading.number("used_origins")),
                reading.text("origins_setting"),
                keep < 0 ? -1 : keep * MIB,
                reading.number("max_wal_size_mib") * MIB,
                reading.text("synchronous_standby_names"));
    }

    private record Reading(Map<String, String> values) {
        String text(String name) throws SQLException {
            String value = values.get(name);
            if (value == null) {
                throw new SQLException("the limits lack " + name);
            }
            return value;
        }

        int number(String name) throws SQLException {
            return Integer.parseInt(text(name));
        }
    }
}
