package dev.switchback.lab.kube;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Patroni does with the replication slots of one member (Patroni 3 and 4, {@code
 * postgresql/slots.py}).
 *
 * <ol>
 *   <li>It knows the slots it read last, and reads them again only after a restart, after a slot
 *       was made, after a refused drop and when a pause ends.
 *   <li>Of those it knows, each one that is neither declared nor a member's nor matched by {@code
 *       ignore_slots} is dropped unless it is active; then it reads again at the next loop.
 *   <li>A declared one that is missing is made on the leader; one with another plugin or database
 *       is dropped and made anew.
 *   <li>A replica gets declared logical slots as copies, for which it is stopped and started once,
 *       and moves them on in each loop as far as it has replayed.
 * </ol>
 */
final class PatroniSlots {
    private static final Logger LOG = LoggerFactory.getLogger(PatroniSlots.class);

    private final PatroniMember member;
    private Map<String, Slot> known = new HashMap<>();
    private boolean readAgain;
    private boolean paused;

    /**
     * @param confirmed the position its consumer confirmed, as text; empty for a physical one
     */
    private record Slot(
            String name,
            String type,
            String plugin,
            String database,
            boolean active,
            String confirmed) {}

    PatroniSlots(PatroniMember member) {
        this.member = member;
    }

    /** The server was started, or something else happened after which Patroni looks again. */
    void readAgain() {
        readAgain = true;
    }

    boolean isDue() {
        return readAgain;
    }

    /**
     * One loop on the leader.
     *
     * @param membersSlots names of the physical slots of the other members
     */
    void lead(JsonNode config, Set<String> membersSlots) throws SQLException {
        try (Connection c = member.connect("postgres")) {
            Map<String, Slot> there = read(c);
            dropUnknown(c, config, membersSlots, there);
            for (Slot declared : declared(config)) {
                Slot found = there.get(declared.name());
                if (found != null
                        && (!found.plugin().equals(declared.plugin())
                                || !found.database().equals(declared.database()))) {
                    LOG.warn("slot {} differs from what is declared: made anew", found);
                    Sql.list(
                            c,
                            "SELECT pg_drop_replication_slot(?)",
                            row -> row.getString(1),
                            found.name());
                    found = null;
                }
                if (found == null) {
                    create(declared);
                    readAgain = true;
                }
            }
            remember(config, membersSlots, there);
        }
    }

    /** One loop on a replica. */
    void follow(JsonNode config, PatroniMember leader) throws SQLException {
        List<String> missing = new ArrayList<>();
        try (Connection c = member.connect("postgres");
                Connection ahead = leader.connect("postgres")) {
            Map<String, Slot> there = read(c);
            Map<String, Slot> onLeader = read(ahead);
            dropUnknown(c, config, Set.of(), there);
            for (Slot declared : declared(config)) {
                Slot origin = onLeader.get(declared.name());
                if (origin == null) {
                    continue;
                }
                Slot copy = there.get(declared.name());
                if (copy == null) {
                    missing.add(declared.name());
                } else {
                    advance(copy, origin.confirmed());
                }
            }
            remember(config, Set.of(), there);
        }
        if (missing.isEmpty()) {
            return;
        }
        // with it the leader keeps the rows that these slots still need after a failover
        member.configure(Map.of("hot_standby_feedback", "on"));
        member.adoptSlots(leader, missing);
        readAgain = true;
    }

    private void dropUnknown(
            Connection c, JsonNode config, Set<String> members, Map<String, Slot> there)
            throws SQLException {
        boolean nowPaused = config.path("pause").asBoolean(false);
        if (paused && !nowPaused) {
            readAgain = true;
        }
        paused = nowPaused;
        if (paused) {
            return;
        }
        Set<String> wanted = new HashSet<>(members);
        declared(config).forEach(slot -> wanted.add(slot.name()));
        Map<String, Slot> looked = readAgain ? there : known;
        readAgain = false;
        for (Slot slot : List.copyOf(looked.values())) {
            Slot now = there.get(slot.name());
            if (now == null || wanted.contains(slot.name()) || isIgnored(now, config)) {
                continue;
            }
            if (now.active()) {
                readAgain = true;
                continue;
            }
            LOG.info("{}: dropped unknown replication slot {}", member.pod(), slot.name());
            Sql.list(c, "SELECT pg_drop_replication_slot(?)", row -> row.getString(1), slot.name());
            there.remove(slot.name());
        }
    }

    /** From now on it knows what it wants, whatever else there is. */
    private void remember(JsonNode config, Set<String> members, Map<String, Slot> there) {
        Map<String, Slot> next = new HashMap<>();
        declared(config).forEach(slot -> next.put(slot.name(), slot));
        members.stream()
                .filter(there::containsKey)
                .forEach(name -> next.put(name, there.get(name)));
        known = next;
    }

    private void create(Slot slot) throws SQLException {
        try (Connection c = member.connect(slot.database())) {
            Sql.list(
                    c,
                    "SELECT slot_name FROM pg_create_logical_replication_slot(?, ?)",
                    row -> row.getString(1),
                    slot.name(),
                    slot.plugin());
        }
    }

    private void advance(Slot copy, String to) throws SQLException {
        try (Connection c = member.connect(copy.database())) {
            Sql.list(
                    c,
                    """
                    SELECT pg_replication_slot_advance(slot_name,
                             least(pg_last_wal_replay_lsn(), CAST(? AS pg_lsn)))
                    FROM pg_replication_slots
                    WHERE slot_name = ? AND NOT active AND pg_is_in_recovery()
                      AND confirmed_flush_lsn < least(pg_last_wal_replay_lsn(), CAST(? AS pg_lsn))
                    """,
                    row -> row.getString(1),
                    to,
                    copy.name(),
                    to);
        }
    }

    private static Map<String, Slot> read(Connection c) throws SQLException {
        Map<String, Slot> slots = new HashMap<>();
        for (Slot slot :
                Sql.list(
                        c,
                        """
                        SELECT slot_name, slot_type, coalesce(plugin, ''), coalesce(database, ''), active,
                               coalesce(confirmed_flush_lsn::text, '')
                        FROM pg_replication_slots WHERE NOT temporary
                        """,
                        row ->
                                new Slot(
                                        row.getString(1),
                                        row.getString(2),
                                        row.getString(3),
                                        row.getString(4),
                                        row.getBoolean(5),
                                        row.getString(6)))) {
            slots.put(slot.name(), slot);
        }
        return slots;
    }

    static boolean anyDeclared(JsonNode config) {
        return !declared(config).isEmpty();
    }

    private static List<Slot> declared(JsonNode config) {
        List<Slot> declared = new ArrayList<>();
        config.path("slots")
                .properties()
                .forEach(e -> {
                    JsonNode slot = e.getValue();
                    // physical ones are none of this lab's business
                    if (slot.path("type").asText().equals("logical")) {
                        declared.add(
                                new Slot(
                                        e.getKey(),
                                        "logical",
                                        slot.path("plugin").asText(),
                                        slot.path("database").asText(),
                                        false,
                                        ""));
                    }
                });
        return declared;
    }

    /** Each key of an entry must match exactly; one that is absent matches anything. */
    private static boolean isIgnored(Slot slot, JsonNode config) {
        Map<String, String> is =
                Map.of(
                        "name", slot.name(),
                        "type", slot.type(),
                        "plugin", slot.plugin(),
                        "database", slot.database());
        for (JsonNode entry : config.path("ignore_slots")) {
            if (is.entrySet().stream()
                    .allMatch(e ->
                            !entry.has(e.getKey())
                                    || entry.path(e.getKey()).asText().equals(e.getValue()))) {
                return true;
            }
        }
        return false;
    }
}
