package dev.switchback.lab.pg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.lab.Await;
import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The faults that tests plant in a stream of changes do what they say. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReplicationFaultsPgTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String SLOT = "stream";

    private final PgServer publisher =
            PgServer.start(
                    15,
                    List.of("localhost"),
                    Map.of("wal_level", "logical", "wal_sender_timeout", "3s"));
    private final PgServer subscriber =
            PgServer.start(
                    17, List.of("localhost"), Map.of("wal_retrieve_retry_interval", "200ms"));
    private final TcpProxy proxy = TcpProxy.before(publisher);
    private int rows;

    @BeforeAll
    void subscribe() throws SQLException {
        try (Connection p = publisher.connect("postgres");
                Connection s = subscriber.connect("postgres")) {
            Sql.run(p, "CREATE TABLE t (id int PRIMARY KEY, filler text)");
            Sql.run(p, "CREATE PUBLICATION all_of_it FOR TABLE t");
            Sql.run(p, "SELECT pg_create_logical_replication_slot('" + SLOT + "', 'pgoutput')");
            Sql.run(s, "CREATE TABLE t (id int PRIMARY KEY, filler text)");
            Sql.run(
                    s,
                    "CREATE SUBSCRIPTION stream CONNECTION 'host=localhost hostaddr="
                            + proxy.address()
                            + " user=postgres dbname=postgres sslmode=verify-full sslrootcert="
                            + publisher.caFile()
                            + " password="
                            + PgServer.SUPERUSER_PASSWORD.reveal()
                            + "' PUBLICATION all_of_it WITH (create_slot = false, slot_name = '"
                            + SLOT
                            + "', copy_data = false)");
        }
    }

    @AfterAll
    void stop() {
        proxy.close();
        subscriber.close();
        publisher.close();
    }

    @BeforeEach
    void streams() throws Exception {
        insert("");
        awaitArrived();
    }

    private void insert(String filler) throws SQLException {
        try (Connection p = publisher.connect("postgres")) {
            Sql.one(p, "INSERT INTO t VALUES (?, ?) RETURNING id", ++rows, filler);
        }
    }

    private boolean arrived() throws SQLException {
        try (Connection s = subscriber.connect("postgres")) {
            return Sql.one(s, "SELECT count(*) FROM t").equals(String.valueOf(rows));
        }
    }

    private void awaitArrived() throws Exception {
        Await.until("row " + rows + " arrives", SOON, this::arrived);
    }

    private boolean active() throws SQLException {
        try (Connection p = publisher.connect("postgres")) {
            return Sql.one(p, "SELECT active FROM pg_replication_slots WHERE slot_name = ?", SLOT)
                    .equals("t");
        }
    }

    @Test
    void aCutConnectionIsMadeAgain() throws Exception {
        assertThat(proxy.connections()).isPositive();
        proxy.cut();
        insert("");
        awaitArrived();
    }

    @Test
    void aMachineThatIsDownIsReachedAgainWhenItIsUp() throws Exception {
        proxy.down();
        insert("");
        Await.until("the walsender has gone", SOON, () -> !active());
        assertThat(arrived()).isFalse();
        proxy.restore();
        awaitArrived();
    }

    @Test
    void aHeldConnectionCarriesNothingUntilItIsLetGo() throws Exception {
        proxy.hold();
        insert("");
        TimeUnit.MILLISECONDS.sleep(700);
        assertThat(arrived()).isFalse();
        proxy.restore();
        awaitArrived();
    }

    @Test
    void aSlowConnectionLags() throws Exception {
        proxy.slow(50_000);
        try (Connection p = publisher.connect("postgres")) {
            Sql.run(
                    p,
                    "INSERT INTO t SELECT "
                            + rows
                            + " + n, repeat(md5(n::text), 100) FROM generate_series(1, 20) n");
            rows += 20;
        }
        TimeUnit.MILLISECONDS.sleep(500);
        assertThat(arrived()).isFalse();
        proxy.restore();
        awaitArrived();
    }

    @Test
    void aKilledWalsenderComesBack() throws Exception {
        assertThat(publisher.killWalsender(SLOT)).isTrue();
        insert("");
        awaitArrived();
        assertThat(publisher.killWalsender("no_such_slot")).isFalse();
    }

    @Test
    void eitherServerMayBeRestartedInMidStream() throws Exception {
        publisher.restart(Map.of("work_mem", "5MB"));
        try (Connection p = publisher.connect("postgres")) {
            assertThat(Sql.one(p, "SHOW work_mem")).isEqualTo("5MB");
        }
        insert("");
        awaitArrived();
        subscriber.crash();
        insert("");
        subscriber.restart();
        awaitArrived();
    }

    @Test
    void aSlotIsMadeOnlyAfterALongTransaction() throws Exception {
        try (LongTransaction open = LongTransaction.begin(publisher.superuser("postgres"))) {
            CompletableFuture<Boolean> made =
                    CompletableFuture.supplyAsync(() -> {
                        try (Connection p = publisher.connect("postgres")) {
                            Sql.run(
                                    p,
                                    "SELECT pg_create_logical_replication_slot('late', 'pgoutput')");
                            Sql.run(p, "SELECT pg_drop_replication_slot('late')");
                            return true;
                        } catch (SQLException e) {
                            throw new IllegalStateException(e);
                        }
                    });
            TimeUnit.MILLISECONDS.sleep(700);
            assertThat(made).isNotDone();
            assertThat(open.isOpen()).isTrue();
            assertThat(open.commit()).isTrue();
            assertThat(made.get(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aLongTransactionThatWasEndedSaysSo() throws Exception {
        try (LongTransaction open = LongTransaction.begin(publisher.superuser("postgres"));
                Connection p = publisher.connect("postgres")) {
            Sql.one(p, "SELECT pg_terminate_backend(?)", open.pid());
            Await.until("it is gone", SOON, () -> !open.isOpen());
            assertThat(open.commit()).isFalse();
        }
    }
}
