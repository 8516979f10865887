package dev.switchback.link;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Lsn;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Secret;
import dev.switchback.pg.Sql;
import dev.switchback.pg.Stopper;
import dev.switchback.pg.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One database's link in one direction, over its whole life: publish, make the slot, subscribe,
 * follow, drain, drop. Every call looks afresh and may be made again after a crash.
 *
 * @param publisher superuser's login to the database on the side that is written
 * @param subscriber superuser's login to the database on the side that follows
 * @param kept sessions to work in; null when every call opens its own
 */
public record Link(
        LinkNames names,
        Direction direction,
        String database,
        ConnectionSpec publisher,
        ConnectionSpec subscriber,
        @Nullable LinkSessions kept) {
    private static final Duration START_PATIENCE = Duration.ofSeconds(30);

    /** Cheap in a kept session, and inside the pause. */
    private static final Duration START_POLL = Duration.ofMillis(20);

    public Link(
            LinkNames names,
            Direction direction,
            String database,
            ConnectionSpec publisher,
            ConnectionSpec subscriber) {
        this(names, direction, database, publisher, subscriber, null);
    }

    /** The same link, every call working in these sessions. */
    public Link in(LinkSessions sessions) {
        return new Link(names, direction, database, publisher, subscriber, sessions);
    }

    /** Work on a session of one side. */
    @FunctionalInterface
    private interface Work<T> {
        T on(Connection session) throws SQLException, InterruptedException;
    }

    /** Slot and subscription. */
    public String name() {
        return names.link(direction, database);
    }

    public String publication() {
        return names.publication(direction);
    }

    /** Publishes the heartbeat and these tables; their identities are the caller's business. */
    public void publish(Set<TableId> tables) throws InterruptedException {
        act(
                publisher,
                session -> {
                    Heartbeat.create(session, Fenced.NO);
                    Publication.create(session, publication(), tables);
                });
    }

    /** Tables published now, without the heartbeat. */
    public Set<TableId> published() throws InterruptedException {
        return at(
                publisher,
                session -> {
                    Set<TableId> tables = Publication.tables(session, publication());
                    tables.remove(Heartbeat.TABLE);
                    return tables;
                });
    }

    public boolean isPublished() throws InterruptedException {
        return at(publisher, session -> Publication.exists(session, publication()));
    }

    /** See {@link Slot#create}. */
    public Slot.Created createSlot(Duration limit, Stopper stopper) throws InterruptedException {
        Slot.Created created = Slot.create(publisher, name(), limit, stopper);
        try {
            act(
                    publisher,
                    session -> {
                        SlotIdentity.begin(session, direction);
                    });
            return created;
        } catch (InterruptedException | RuntimeException e) {
            created.snapshot().close();
            throw e;
        }
    }

    public Optional<Slot.State> slot() throws InterruptedException {
        return at(publisher, session -> Slot.state(session, name()));
    }

    /**
     * Makes a slot whose snapshot nobody needs, because the rows are equal on both sides; see
     * {@link Slot#createBare}.
     */
    public void createBareSlot(Duration limit, Stopper stopper) throws InterruptedException {
        act(
                publisher,
                session -> Slot.createBare(session, publisher.display(), name(), limit, stopper));
    }

    /** What the subscriber says; empty when there is no subscription. */
    public Optional<Subscription.State> subscription() throws InterruptedException {
        return at(subscriber, session -> Subscription.state(session, name()));
    }

    public boolean isSubscribed() throws InterruptedException {
        return at(subscriber, session -> Subscription.exists(session, name()));
    }

    /**
     * Subscribes to the slot and starts applying; the heartbeat's table is made first.
     *
     * @param conninfo how the subscribing server logs in at the publisher
     * @param fenced lets our statements by the event trigger of a fence on the subscriber
     */
    public void subscribe(Secret conninfo, Fenced fenced) throws InterruptedException {
        int publisherMajor = at(publisher, Pg::major);
        act(
                subscriber,
                session -> {
                    if (!Heartbeat.exists(session)) {
                        Heartbeat.create(session, fenced);
                    }
                    if (!Subscription.exists(session, name())) {
                        Subscription.create(
                                session, name(), conninfo, publication(), publisherMajor, fenced);
                    }
                    Subscription.enable(session, name(), fenced);
                });
    }

    public void enable(Fenced fenced) throws InterruptedException {
        act(
                subscriber,
                session -> {
                    Subscription.enable(session, name(), fenced);
                });
    }

    /** Stops applying; the slot keeps what comes until {@link #enable}. */
    public void disable(Fenced fenced) throws InterruptedException {
        act(
                subscriber,
                session -> {
                    Subscription.disable(session, name(), fenced);
                });
    }

    /** See {@link Subscription#connect}. */
    public void connect(Secret conninfo, long timeline, Fenced fenced) throws InterruptedException {
        act(
                subscriber,
                session -> {
                    Subscription.connect(session, name(), conninfo, timeline, fenced);
                });
    }

    /** See {@link Subscription#timeline}. */
    public Optional<Long> timeline() throws InterruptedException {
        return at(subscriber, session -> Subscription.timeline(session, name()));
    }

    /** Waits until the publisher streams to the subscriber and the subscriber applies. */
    public void awaitStreaming(Stopper stopper) throws InterruptedException {
        Instant deadline = Instant.now().plus(START_PATIENCE);
        while (true) {
            stopper.checkpoint();
            boolean streaming =
                    at(
                            publisher,
                            session ->
                                    Sql.first(
                                                    session,
                                                    "SELECT 1 FROM pg_stat_replication r JOIN pg_replication_slots s"
                                                            + " ON s.active_pid = r.pid WHERE s.slot_name = ?"
                                                            + " AND r.state = 'streaming'",
                                                    name())
                                            != null);
            if (streaming) {
                return;
            }
            if (Instant.now().isAfter(deadline)) {
                throw new SwitchbackException(
                        Code.LINK_BROKEN,
                        name(),
                        "does not stream within " + START_PATIENCE.toSeconds() + " s",
                        "look at the subscriber's log: it says why it cannot follow "
                                + publisher.display());
            }
            TimeUnit.MILLISECONDS.sleep(START_POLL.toMillis());
        }
    }

    /**
     * Writes a heartbeat, from which lag in seconds is read, and {@link SlotIdentity} next time. A
     * slot that is not ours any more is written down instead.
     */
    public void beat() throws InterruptedException {
        act(publisher, from -> act(subscriber, to -> beat(from, to)));
    }

    private void beat(Connection from, Connection to) throws SQLException {
        String marker = Heartbeat.token(from, direction);
        Optional<Slot.State> slot = Slot.state(from, name());
        Optional<String> replaced = replaced(marker, to, slot);
        if (replaced.isPresent()) {
            SlotIdentity.keep(from, direction, replaced.get());
        } else {
            SlotIdentity.beat(from, direction, slot);
        }
    }

    private Optional<String> replaced(String marker, Connection to, Optional<Slot.State> slot)
            throws SQLException {
        return slot.isPresent()
                ? SlotIdentity.broken(marker, to, direction, slot.get())
                : Optional.empty();
    }

    /**
     * Proves that everything committed on the fenced publisher has arrived; see {@link Drain}.
     *
     * @return the publisher's position that is behind everything
     * @throws SwitchbackException LINK_NOT_DRAINED when the limit is over; SLOT_LOST
     */
    public Lsn drain(Duration limit, Stopper stopper) throws InterruptedException {
        return at(
                publisher,
                from ->
                        at(
                                subscriber,
                                to -> {
                                    String marker = Heartbeat.token(from, direction);
                                    Optional<String> replaced =
                                            replaced(marker, to, Slot.state(from, name()));
                                    if (replaced.isPresent()) {
                                        throw new SwitchbackException(
                                                Code.SLOT_LOST,
                                                name(),
                                                LinkStatus.another(replaced.get()),
                                                "the copy is invalid: 'switchback abort', then migrate again");
                                    }
                                    return Drain.run(from, to, direction, name(), limit, stopper)
                                            .position();
                                }));
    }

    /** Both sides at this moment. */
    public LinkStatus status() throws InterruptedException {
        return at(publisher, from -> at(subscriber, to -> status(from, to)));
    }

    private LinkStatus status(Connection from, Connection to) throws SQLException {
        String marker = Heartbeat.token(from, direction);
        Optional<Slot.State> slot = Slot.state(from, name());
        Optional<Subscription.State> subscription = Subscription.state(to, name());
        Lsn now = Lsn.parse(Sql.one(from, "SELECT pg_current_wal_lsn()::text"));
        Optional<String> replaced = replaced(marker, to, slot);
        long lag =
                slot.map(Slot.State::confirmed)
                        .map(confirmed -> Math.max(0, now.value() - confirmed.value()))
                        .orElse(0L);
        return new LinkStatus(
                database,
                slot,
                subscription,
                now,
                lag,
                Heartbeat.exists(to) ? Heartbeat.age(from, to, direction).orElse(null) : null,
                replaced,
                LinkStatus.problems(this, slot, subscription, replaced));
    }

    /**
     * What differs between what is published, subscribed and there on both sides; empty when
     * nothing does.
     */
    public List<String> tableDifferences(Exclusions exclusions) throws InterruptedException {
        Set<TableId> published = published();
        Set<TableId> subscribed = at(subscriber, s -> Subscription.tables(s, name()));
        Set<TableId> from = at(publisher, s -> Publication.publishable(s, exclusions));
        Set<TableId> to = at(subscriber, s -> Publication.publishable(s, exclusions));
        return TableSets.differences(published, subscribed, from, to);
    }

    /** Takes the subscription away, then the slot, then the publication; what is gone is fine. */
    public void drop(Fenced onSubscriber, Fenced onPublisher) throws InterruptedException {
        dropSubscription(onSubscriber);
        dropPublished(onPublisher);
    }

    public void dropSubscription(Fenced fenced) throws InterruptedException {
        act(
                subscriber,
                session -> {
                    Subscription.drop(session, name(), fenced);
                });
    }

    /** The publisher's part: the slot and the publication. */
    public void dropPublished(Fenced fenced) throws InterruptedException {
        dropSlot();
        act(
                publisher,
                session -> {
                    Sql.run(session, "SET default_transaction_read_only = off");
                    if (Publication.exists(session, publication())) {
                        Sql.run(
                                session,
                                fenced.past(
                                        session,
                                        "DROP PUBLICATION " + Sql.identifier(publication())));
                    }
                });
    }

    public void dropSlot() throws InterruptedException {
        act(
                publisher,
                session -> {
                    Slot.drop(session, name());
                });
    }

    /** The same without a result. */
    @FunctionalInterface
    private interface Act {
        void on(Connection session) throws SQLException, InterruptedException;
    }

    private void act(ConnectionSpec side, Act work) throws InterruptedException {
        at(
                side,
                session -> {
                    work.on(session);
                    return true;
                });
    }

    private <T> T at(ConnectionSpec side, Work<T> work) throws InterruptedException {
        try {
            if (kept != null) {
                return work.on(kept.of(side));
            }
            try (Connection session = Pg.open(side)) {
                return work.on(session);
            }
        } catch (SQLException e) {
            throw failed(side, e);
        }
    }

    private static SwitchbackException failed(ConnectionSpec side, SQLException e) {
        return new SwitchbackException(
                new Problem(
                        Code.PG_FAILED,
                        side.display(),
                        "working on the replication link: " + Pg.words(e),
                        "mend what the server says, then run again"),
                e);
    }
}
