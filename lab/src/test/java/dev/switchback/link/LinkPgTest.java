package dev.switchback.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.lab.Await;
import dev.switchback.lab.pg.LongTransaction;
import dev.switchback.lab.pg.PgServer;
import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Lsn;
import dev.switchback.pg.Sql;
import dev.switchback.pg.Stopper;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One link through its life, and what happens to it there. */
class LinkPgTest {
    private static final Map<String, String> SETTINGS =
            Map.of(
                    "wal_level",
                    "logical",
                    "max_logical_replication_workers",
                    "16",
                    "max_worker_processes",
                    "24",
                    "wal_retrieve_retry_interval",
                    "300ms");

    private static PgServer source;
    private static PgServer target;

    @BeforeAll
    static void start() {
        source = PgServer.start(15, List.of("localhost"), SETTINGS);
        target = PgServer.start(17, List.of("localhost"), SETTINGS);
    }

    @AfterAll
    static void stop() {
        target.close();
        source.close();
    }

    private static LinkedShop shop(String database) throws SQLException {
        return new LinkedShop(source, target, database);
    }

    @Test
    void whatWasWrittenSinceTheSlotArrivesAndTheDrainProvesIt() throws Exception {
        LinkedShop shop = shop("plain").published();
        shop.write(50);
        shop.link.subscribe(shop.conninfo(), Fenced.NO);
        shop.link.awaitStreaming(Stopper.NEVER);
        // moved, and known to be: whoever looks next judges from there
        assertThat(shop.link.timeline()).isEmpty();
        shop.link.connect(shop.conninfo(), 7, Fenced.NO);
        assertThat(shop.link.timeline()).contains(7L);
        shop.write(50);
        shop.link.beat();

        Lsn position = shop.link.drain(LinkedShop.LIMIT, Stopper.NEVER);

        assertThat(shop.items(target)).isEqualTo(shop.items(source)).startsWith("100/");
        LinkStatus status = shop.link.status();
        assertThat(status.problems()).isEmpty();
        assertThat(status.lost()).isFalse();
        assertThat(status.lagSeconds()).isNotNull().isBetween(0.0, 30.0);
        assertThat(status.slot().orElseThrow().confirmed()).isGreaterThanOrEqualTo(position);
        assertThat(shop.link.tableDifferences(Exclusions.spilo())).isEmpty();

        shop.on(source, "CREATE TABLE later (n int PRIMARY KEY)");
        assertThat(shop.link.tableDifferences(Exclusions.spilo()))
                .containsExactly("public.later is not published");

        shop.link.drop(Fenced.NO, Fenced.NO);
        shop.link.drop(Fenced.NO, Fenced.NO);
        assertThat(shop.link.slot()).isEmpty();
        assertThat(shop.link.isSubscribed()).isFalse();
        assertThat(shop.link.isPublished()).isFalse();
        assertThat(shop.link.status().lost()).isTrue();
    }

    @Test
    void aSlotThatWaitsForSomebodysTransactionGivesUpNamesItAndLeavesNothing() throws Exception {
        LinkedShop shop = shop("waiting");
        try (LongTransaction open = LongTransaction.begin(source.superuser("postgres"))) {
            SwitchbackException refused =
                    catchThrowableOfType(
                            SwitchbackException.class,
                            () ->
                                    Slot.create(
                                            shop.link.publisher(),
                                            shop.link.name(),
                                            Duration.ofSeconds(2),
                                            Stopper.NEVER));
            assertThat(refused.problem().code()).isEqualTo(Code.SLOT_TIMEOUT);
            assertThat(refused.problem().what()).contains("pid " + open.pid() + ",");
            assertThat(open.isOpen()).isTrue();
            assertThat(shop.link.slot()).isEmpty();
            Await.until(
                    "no walsender is left",
                    Duration.ofSeconds(5),
                    () ->
                            shop.one(
                                            source,
                                            "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'walsender'"
                                                    + " AND datname = 'waiting'")
                                    .equals("0"));
        }
        shop.published();
        assertThat(shop.link.slot()).isPresent();
        shop.link.dropSlot();
    }

    @Test
    void aDrainWhoseWalsenderIsKilledBetweenBarrierAndConfirmationEndsProven() throws Exception {
        LinkedShop shop = shop("cut").streaming();
        shop.on(
                source,
                "INSERT INTO items (name) SELECT repeat('x', 300) FROM generate_series(1, 60000)");
        CompletableFuture<Lsn> drained =
                CompletableFuture.supplyAsync(() -> {
                    try {
                        return shop.link.drain(LinkedShop.LIMIT, Stopper.NEVER);
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
        try (Connection watch = source.connect(shop.database)) {
            // the barrier is a marker that is no heartbeat
            Await.until(
                    "the barrier is written",
                    Duration.ofSeconds(10),
                    () -> Heartbeat.token(watch, Direction.FORWARD).matches("[0-9a-f-]{36}"));
        }
        int killed = 0;
        for (int i = 0; i < 3 && !drained.isDone(); i++) {
            killed += source.killWalsender(shop.link.name()) ? 1 : 0;
            TimeUnit.MILLISECONDS.sleep(400);
        }
        assertThat(killed).as("walsenders killed before the proof").isPositive();

        Lsn position = drained.get(40, TimeUnit.SECONDS);
        assertThat(shop.link.slot().orElseThrow().confirmed()).isGreaterThanOrEqualTo(position);
        assertThat(shop.items(target)).isEqualTo(shop.items(source)).startsWith("60000/");
        shop.link.drop(Fenced.NO, Fenced.NO);
    }

    @Test
    void restartsAndCrashesOfBothSidesInMidStreamLoseNothingAndRaiseNoAlarm() throws Exception {
        LinkedShop shop = shop("restarts").streaming();
        try (var writer = new Writer(shop)) {
            for (Runnable event :
                    List.<Runnable>of(
                            () -> source.stop(),
                            () -> target.stop(),
                            () -> source.crash(),
                            () -> target.crash())) {
                writer.awaitMore(30);
                shop.link.beat();
                event.run();
                (source.isRunning() ? target : source).restart();
                writer.awaitMore(30);
                shop.link.awaitStreaming(Stopper.NEVER);
                shop.link.beat();
                assertThat(shop.link.status().replaced()).isEmpty();
            }
        }
        // what the statistics forget is no other slot
        shop.link.beat();
        shop.on(source, "SELECT pg_stat_reset_replication_slot('" + shop.link.name() + "')");
        shop.write(2);
        shop.link.beat();
        assertThat(shop.link.status().lost()).isFalse();

        shop.link.drain(LinkedShop.LIMIT, Stopper.NEVER);
        assertThat(shop.items(target)).isEqualTo(shop.items(source));
        assertThat(shop.link.status().problems()).isEmpty();
        shop.link.drop(Fenced.NO, Fenced.NO);
    }

    /** Commits row after row, whatever happens to the server, until it is closed. */
    private static final class Writer implements AutoCloseable {
        private final LinkedShop shop;
        private final Thread thread = Thread.ofVirtual().unstarted(this::write);
        private volatile boolean stopped;
        private final AtomicLong acknowledged = new AtomicLong();

        Writer(LinkedShop shop) {
            this.shop = shop;
            thread.start();
        }

        private void write() {
            while (!stopped) {
                try (Connection session = shop.publisher.connect(shop.database)) {
                    while (!stopped) {
                        Sql.run(session, "INSERT INTO items (name) VALUES ('row')");
                        acknowledged.incrementAndGet();
                        TimeUnit.MILLISECONDS.sleep(5);
                    }
                } catch (SQLException | RuntimeException e) {
                    pause();
                } catch (InterruptedException e) {
                    return;
                }
            }
        }

        private static void pause() {
            try {
                TimeUnit.MILLISECONDS.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        void awaitMore(long rows) throws Exception {
            long from = acknowledged.get();
            Await.until(
                    "the writer writes", LinkedShop.LIMIT, () -> acknowledged.get() >= from + rows);
        }

        @Override
        public void close() {
            stopped = true;
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Test
    void aSlotMadeAgainUnderTheSameNameIsKnownByTheHeartbeatThatItPassedOver() throws Exception {
        LinkedShop shop = shop("again").streaming();
        skipsAHeartbeat(shop);
        assertThat(
                        catchThrowableOfType(
                                        SwitchbackException.class,
                                        () -> shop.link.drain(LinkedShop.LIMIT, Stopper.NEVER))
                                .problem()
                                .code())
                .isEqualTo(Code.SLOT_LOST);

        // a slot of ours is made in its place: nothing is held against it
        shop.link.drop(Fenced.NO, Fenced.NO);
        shop.on(target, "TRUNCATE items");
        shop.on(source, "TRUNCATE items");
        shop.streaming();
        shop.write(3);
        shop.link.beat();
        shop.link.beat();
        shop.awaitArrived();
        assertThat(shop.link.status().problems()).isEmpty();
        shop.link.drop(Fenced.NO, Fenced.NO);
    }

    @Test
    void aSlotMadeAgainOnAServerThatCountsNothingIsKnownByTheHeartbeatToo() throws Exception {
        try (PgServer old = PgServer.start(13, List.of("localhost"), SETTINGS)) {
            LinkedShop shop = new LinkedShop(old, target, "again_on_13").streaming();
            assertThat(shop.link.slot().orElseThrow().transactions()).isEqualTo(-1);
            skipsAHeartbeat(shop);
            shop.link.drop(Fenced.NO, Fenced.NO);
        }
    }

    private static void skipsAHeartbeat(LinkedShop shop) throws Exception {
        shop.write(10);
        shop.link.beat();
        shop.awaitArrived();
        shop.link.drain(LinkedShop.LIMIT, Stopper.NEVER);
        shop.link.beat();
        shop.link.drain(LinkedShop.LIMIT, Stopper.NEVER);
        shop.link.beat();
        Await.until(
                "a heartbeat arrived",
                LinkedShop.LIMIT,
                () -> {
                    try (Connection session = shop.subscriber.connect(shop.database)) {
                        return Heartbeat.token(session, Direction.FORWARD).startsWith("beat ");
                    }
                });
        assertThat(shop.link.status().problems()).isEmpty();

        shop.link.disable(Fenced.NO);
        shop.write(10);
        shop.link.beat();
        shop.makeSlotAgain();
        shop.link.enable(Fenced.NO);
        shop.link.awaitStreaming(Stopper.NEVER);

        LinkStatus status = shop.link.status();
        assertThat(status.lost()).as("%s", status).isTrue();
        assertThat(String.join("; ", status.problems()))
                .contains("was made again under the same name", "never came through it");
        // rows go on arriving, and it stays found
        shop.write(30);
        shop.link.beat();
        shop.write(30);
        shop.link.beat();
        assertThat(shop.link.status().lost()).isTrue();
        assertThat(shop.items(shop.subscriber)).isNotEqualTo(shop.items(shop.publisher));
    }

    @Test
    void aSlotMadeAgainWhenNothingWasUnderWayIsKnownByItsCounter() throws Exception {
        LinkedShop shop = shop("counted").streaming();
        shop.write(40);
        shop.awaitArrived();
        Await.until(
                "the server counts",
                LinkedShop.LIMIT,
                () -> shop.link.slot().orElseThrow().transactions() >= 40);
        shop.link.beat();
        shop.link.drain(LinkedShop.LIMIT, Stopper.NEVER);
        shop.link.beat();
        Await.until(
                "the heartbeat arrived",
                LinkedShop.LIMIT,
                () -> {
                    try (Connection to = target.connect(shop.database);
                            Connection from = source.connect(shop.database)) {
                        return Heartbeat.token(to, Direction.FORWARD)
                                .equals(Heartbeat.token(from, Direction.FORWARD));
                    }
                });

        shop.link.disable(Fenced.NO);
        shop.write(5);
        shop.makeSlotAgain();
        shop.link.enable(Fenced.NO);
        shop.link.awaitStreaming(Stopper.NEVER);
        shop.write(5);

        shop.link.beat();
        LinkStatus status = shop.link.status();
        assertThat(status.lost()).as("%s", status).isTrue();
        assertThat(String.join("; ", status.problems())).contains("it has decoded");
        shop.write(60);
        shop.link.beat();
        assertThat(shop.link.status().lost()).isTrue();
        shop.link.drop(Fenced.NO, Fenced.NO);
    }
}
