package dev.switchback.link;

import dev.switchback.pg.Lsn;
import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether the slot is still the one that was made, and not another under the same name: such a slot
 * looks perfect and lacks what was committed before it. PostgreSQL keeps no time of creation, so
 * each heartbeat leaves evidence in the publisher's row, and the next look holds it against what it
 * finds:
 *
 * <ol>
 *   <li>A slot confirms only what the subscriber has. One that is behind a heartbeat's position
 *       while the subscriber lacks that heartbeat was never asked for it.
 *   <li>A slot's counter of decoded transactions (14 and later) only grows while the server's
 *       statistics are the same; a smaller one is another slot's.
 * </ol>
 *
 * <p>Invariants: neither proof raises a false alarm, not after a restart, a crash, a failover or a
 * reset of statistics; what was found once stays found, whatever the new slot does later, until a
 * slot of ours is made. Limit: a slot that was made again between two runs, when everything had
 * arrived before, and that has decoded more than the old one when the next run looks, is seen by
 * the comparison of contents only.
 */
final class SlotIdentity {
    private static final String BEAT = "beat";
    private static final String REPLACED = "replaced ";

    /** Nothing was sent since a slot of ours was made. */
    private static final String FRESH = "slot";

    private static final int PIECES = 5;

    /**
     * What a heartbeat leaves.
     *
     * @param number grows from one to the next
     * @param behind a position of the publisher behind it; null while only it itself is written
     * @param countedSince see {@link Slot.State}
     * @param transactions likewise
     */
    private record Beat(long number, @Nullable Lsn behind, String countedSince, long transactions) {
        static Optional<Beat> parse(String marker) {
            String[] pieces = marker.split(" ", -1);
            if (!pieces[0].equals(BEAT) || (pieces.length != 2 && pieces.length != PIECES)) {
                return Optional.empty();
            }
            long number = Long.parseLong(pieces[1]);
            return Optional.of(
                    pieces.length == 2
                            ? new Beat(number, null, "", -1)
                            : new Beat(
                                    number,
                                    Lsn.parse(pieces[2]),
                                    pieces[3],
                                    Long.parseLong(pieces[4])));
        }
    }

    private SlotIdentity() {}

    /** A slot was just made: what was sent before it never goes through it. */
    static void begin(Connection publisher, Direction direction) throws SQLException {
        Heartbeat.beat(publisher, direction, FRESH);
    }

    /**
     * Why the slot is not the one that was made; empty when nothing speaks against it.
     *
     * @param marker what the publisher's row said before the slot was read: another session may
     *     write a heartbeat meanwhile, and its count would be ahead of ours
     * @param slot read before this call, for what it confirmed must be on the subscriber now
     */
    static Optional<String> broken(
            String marker, Connection subscriber, Direction direction, Slot.State slot)
            throws SQLException {
        if (marker.startsWith(REPLACED)) {
            return Optional.of(marker.substring(REPLACED.length()));
        }
        Optional<Beat> sent = Beat.parse(marker);
        if (sent.isEmpty()) {
            return Optional.empty();
        }
        Beat beat = sent.get();
        Optional<Beat> arrived = Beat.parse(Heartbeat.token(subscriber, direction));
        Lsn confirmed = slot.confirmed();
        if (confirmed != null
                && beat.behind != null
                && confirmed.compareTo(beat.behind) >= 0
                && arrived.isPresent()
                && arrived.get().number < beat.number) {
            return Optional.of(
                    "it is at " + confirmed + " and a row from before never came through it");
        }
        if (slot.transactions() >= 0
                && beat.countedSince.equals(slot.countedSince())
                && slot.transactions() < beat.transactions) {
            return Optional.of(
                    "it has decoded "
                            + slot.transactions()
                            + " transactions, and had decoded "
                            + beat.transactions
                            + " before");
        }
        return Optional.empty();
    }

    /** Makes what was found stay so. */
    static void keep(Connection publisher, Direction direction, String why) throws SQLException {
        Heartbeat.beat(publisher, direction, REPLACED + why);
    }

    /**
     * Writes a heartbeat with its evidence: two commits, for only after the first is there a
     * position behind it. A marker or another session's heartbeat in between stays.
     */
    static void beat(Connection publisher, Direction direction, Optional<Slot.State> slot)
            throws SQLException {
        Heartbeat.writable(publisher);
        String sent =
                Sql.first(
                        publisher,
                        Sql.resource(SlotIdentity.class, "beat.sql"),
                        direction.heartbeat());
        if (sent == null) {
            return;
        }
        String evidence =
                sent
                        + " "
                        + Sql.one(publisher, "SELECT pg_current_wal_insert_lsn()::text")
                        + " "
                        + slot.map(Slot.State::countedSince).orElse("")
                        + " "
                        + slot.map(Slot.State::transactions).orElse(-1L);
        try (var statement =
                publisher.prepareStatement(
                        "UPDATE "
                                + Heartbeat.TABLE.sql()
                                + " SET token = ?, at = clock_timestamp() WHERE id = ? AND token = ?")) {
            statement.setString(1, evidence);
            statement.setInt(2, direction.heartbeat());
            statement.setString(3, sent);
            statement.executeUpdate();
        }
    }
}
