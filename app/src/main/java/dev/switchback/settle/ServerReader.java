package dev.switchback.settle;

import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** One server by its own views: connections, transactions, sizes, WAL, slots. */
final class ServerReader implements Reader {
    static final String SOURCE = "source server";
    static final String TARGET = "target server";

    /** Fewer transactions between two looks say nothing about a share of them. */
    private static final long ENOUGH = 50;

    private static final long MIB = 1024L * 1024;

    private final World world;
    private final boolean target;
    private final String side;

    private ServerReader(World world, boolean target) {
        this.world = world;
        this.target = target;
        this.side = target ? "target" : "source";
    }

    static ServerReader ofSource(World world) {
        return new ServerReader(world, false);
    }

    static ServerReader ofTarget(World world) {
        return new ServerReader(world, true);
    }

    @Override
    public String name() {
        return target ? TARGET : SOURCE;
    }

    @Override
    public void read(Look look, Past past) throws SQLException {
        ConnectionSpec spec =
                target ? world.target("postgres", "watch") : world.source("postgres", "watch");
        try (Connection server = Pg.open(spec)) {
            connections(server, look);
            transactions(server, look);
            Optional<Long> capacity = Volumes.capacity(world, target);
            volume(server, look, capacity);
            slots(server, look, capacity);
        }
    }

    private void connections(Connection server, Look look) throws SQLException {
        Sql.list(
                server,
                """
                SELECT datname, coalesce(state, 'unknown'), count(*) FROM pg_stat_activity
                WHERE backend_type = 'client backend' AND datname IS NOT NULL
                  AND application_name NOT LIKE 'switchback/%'
                GROUP BY 1, 2
                """,
                row -> {
                    look.put(
                            Metric.CONNECTIONS,
                            row.getLong(3),
                            "side",
                            side,
                            "database",
                            row.getString(1),
                            "state",
                            row.getString(2));
                    return 0;
                });
        look.put(
                Metric.CONNECTIONS_MAX,
                Double.parseDouble(Sql.one(server, "SELECT current_setting('max_connections')")),
                "side",
                side);
    }

    private record Transactions(long commits, long rollbacks, long deadlocks) {
        double rollbackShare() {
            return commits + rollbacks == 0 ? 0 : rollbacks / (double) (commits + rollbacks);
        }

        static Transactions parse(String text) {
            String[] part = text.split(" ");
            return new Transactions(
                    Long.parseLong(part[0]), Long.parseLong(part[1]), Long.parseLong(part[2]));
        }

        String text() {
            return commits + " " + rollbacks + " " + deadlocks;
        }

        Transactions since(Transactions before) {
            return new Transactions(
                    commits - before.commits,
                    rollbacks - before.rollbacks,
                    deadlocks - before.deadlocks);
        }
    }

    private void transactions(Connection server, Look look) throws SQLException {
        for (String database : world.databases()) {
            List<Transactions> read =
                    Sql.list(
                            server,
                            "SELECT xact_commit, xact_rollback, deadlocks FROM pg_stat_database WHERE datname = ?",
                            row -> new Transactions(row.getLong(1), row.getLong(2), row.getLong(3)),
                            database);
            if (read.isEmpty()) {
                continue;
            }
            Transactions now = read.getFirst();
            String[] at = {"side", side, "database", database};
            look.put(Metric.TRANSACTIONS_TOTAL, now.commits(), with(at, "outcome", "commit"));
            look.put(Metric.TRANSACTIONS_TOTAL, now.rollbacks(), with(at, "outcome", "rollback"));
            look.put(Metric.DEADLOCKS_TOTAL, now.deadlocks(), at);
            if (target) {
                rollbacks(look, database, now);
            } else {
                // what was usual before: its counters end with the switch
                look.memory().putIfAbsent(usual(database), now.text());
            }
        }
    }

    private void rollbacks(Look look, String database, Transactions now) {
        String key = "transactions." + database;
        String before = look.memory().put(key, now.text());
        if (before == null) {
            return;
        }
        Transactions since = now.since(Transactions.parse(before));
        if (since.commits() < 0 || since.commits() + since.rollbacks() < ENOUGH) {
            return;
        }
        double usual =
                Optional.ofNullable(look.memory().get(usual(database)))
                        .map(Transactions::parse)
                        .map(Transactions::rollbackShare)
                        .orElse(0.0);
        look.put(
                Metric.DATABASE_ROLLBACK_EXCESS_RATIO,
                Math.max(0, since.rollbackShare() - usual),
                "database",
                database);
    }

    private static String usual(String database) {
        return "transactions.source." + database;
    }

    private static String[] with(String[] labels, String name, String value) {
        String[] all = java.util.Arrays.copyOf(labels, labels.length + 2);
        all[labels.length] = name;
        all[labels.length + 1] = value;
        return all;
    }

    private void volume(Connection server, Look look, Optional<Long> capacity) throws SQLException {
        double used =
                Double.parseDouble(
                        Sql.one(server, "SELECT coalesce(sum(size), 0) FROM pg_ls_waldir()"));
        for (Map.Entry<String, Long> size : sizes(server).entrySet()) {
            used += size.getValue();
            if (world.databases().contains(size.getKey())) {
                look.put(
                        Metric.DATABASE_SIZE_BYTES,
                        size.getValue(),
                        "side",
                        side,
                        "database",
                        size.getKey());
            }
        }
        look.put(Metric.VOLUME_USED_BYTES, used, "side", side);
        OptionalDouble rate = Growth.add(look.memory(), "used." + side, look.at(), used);
        if (capacity.isEmpty()) {
            return;
        }
        look.put(Metric.VOLUME_CAPACITY_BYTES, capacity.get(), "side", side);
        look.put(Metric.VOLUME_USED_RATIO, used / capacity.get(), "side", side);
        Growth.secondsUntil(rate, capacity.get() - used)
                .ifPresent(s -> look.put(Metric.VOLUME_SECONDS_TO_FULL, s, "side", side));
    }

    private static Map<String, Long> sizes(Connection server) throws SQLException {
        Map<String, Long> sizes = new java.util.TreeMap<>();
        Sql.list(
                server,
                "SELECT datname, pg_database_size(oid) FROM pg_database",
                row -> sizes.put(row.getString(1), row.getLong(2)));
        return sizes;
    }

    private void slots(Connection server, Look look, Optional<Long> capacity) throws SQLException {
        boolean limited = Pg.major(server) >= 13;
        long limit =
                limited
                        ? Long.parseLong(
                                        Sql.one(
                                                server,
                                                "SELECT setting FROM pg_settings WHERE name = 'max_slot_wal_keep_size'"))
                                * MIB
                        : -1;
        OptionalDouble room =
                limit > 0
                        ? OptionalDouble.of((double) limit)
                        : capacity.map(c -> OptionalDouble.of((double) c))
                                .orElse(OptionalDouble.empty());
        Sql.list(
                server,
                """
                SELECT slot_name, coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn), 0)
                FROM pg_replication_slots
                """,
                row -> {
                    slot(look, row.getString(1), row.getDouble(2), room);
                    return 0;
                });
    }

    private void slot(Look look, String slot, double retained, OptionalDouble room) {
        String[] at = {"side", side, "slot", slot};
        look.put(Metric.SLOT_RETAINED_BYTES, retained, at);
        OptionalDouble rate =
                Growth.add(look.memory(), "slot." + side + "." + slot, look.at(), retained);
        if (room.isPresent()) {
            look.put(Metric.SLOT_RETAINED_RATIO, retained / room.getAsDouble(), at);
            Growth.secondsUntil(rate, room.getAsDouble() - retained)
                    .ifPresent(s -> look.put(Metric.SLOT_SECONDS_TO_FULL, s, at));
        }
    }
}
