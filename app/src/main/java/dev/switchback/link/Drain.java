package dev.switchback.link;

import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.Lsn;
import dev.switchback.pg.Sql;
import dev.switchback.pg.Stopper;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Proves that everything committed on a fenced publisher is on the subscriber.
 *
 * <ol>
 *   <li>A marker of our own is committed on the publisher, the last change there is.
 *   <li>The publisher's WAL position behind it is read.
 *   <li>First proof: the slot confirmed that position, so the subscriber says it holds it durably.
 *   <li>Second proof: the marker is seen on the subscriber, so it was really applied there.
 * </ol>
 *
 * <p>Invariants: only a publisher that nobody can write makes this a proof, which the caller sees
 * to; lag views prove nothing (they leave out what was not sent yet). Once the marker is seen, the
 * proof is hurried: the apply worker commits without waiting for the disk and says what is durable
 * when it next wakes up. A commit of ours on the subscriber makes its WAL durable at once, and
 * another marker wakes the worker; it also moves the position of a publisher that is idle.
 */
final class Drain {
    private static final Duration POLL = Duration.ofMillis(10);
    private static final Duration PUSH = Duration.ofMillis(50);

    /**
     * @param position the publisher's WAL position behind the marker
     */
    record Drained(Lsn position, String marker, Duration took) {}

    private Drain() {}

    static Drained run(
            Connection publisher,
            Connection subscriber,
            Direction direction,
            String link,
            Duration limit,
            Stopper stopper)
            throws SQLException, InterruptedException {
        Instant start = Instant.now();
        String marker = UUID.randomUUID().toString();
        Heartbeat.beat(publisher, direction, marker);
        Lsn position = Lsn.parse(Sql.one(publisher, "SELECT pg_current_wal_insert_lsn()::text"));
        boolean arrived = false;
        Instant push = Instant.now();
        while (true) {
            stopper.checkpoint();
            arrived = arrived || Heartbeat.arrived(subscriber, direction, marker);
            Slot.State slot =
                    Slot.state(publisher, link)
                            .orElseThrow(() ->
                                    new SwitchbackException(
                                            Code.SLOT_LOST,
                                            link,
                                            "the slot is gone",
                                            "the copy is invalid: 'switchback abort', then migrate again"));
            Lsn confirmed = slot.confirmed();
            if (arrived && confirmed != null && confirmed.compareTo(position) >= 0) {
                return new Drained(position, marker, Duration.between(start, Instant.now()));
            }
            if (Duration.between(start, Instant.now()).compareTo(limit) > 0) {
                throw new SwitchbackException(
                        Code.LINK_NOT_DRAINED,
                        link,
                        "within "
                                + limit.toSeconds()
                                + " s "
                                + (arrived
                                        ? "the slot confirmed only " + confirmed + " of " + position
                                        : "the marker did not arrive; the slot confirmed "
                                                + confirmed
                                                + " of "
                                                + position),
                        "look at the subscription's errors in the subscriber's log, then run again");
            }
            if (arrived && Instant.now().isAfter(push)) {
                flush(subscriber);
                // the marker's own value must stay for whoever looks at it again
                Heartbeat.beat(publisher, direction, marker);
                push = Instant.now().plus(PUSH);
            }
            TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
        }
    }

    /** Makes everything that was committed on this server before durable; writes no table. */
    private static void flush(Connection server) throws SQLException {
        Sql.run(
                server,
                "SET synchronous_commit = local;"
                        + " SELECT pg_logical_emit_message(true, 'switchback', 'flush')");
    }
}
