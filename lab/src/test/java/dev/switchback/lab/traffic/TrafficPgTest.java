package dev.switchback.lab.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.lab.Await;
import dev.switchback.lab.mastodon.MastodonData;
import dev.switchback.lab.mastodon.MastodonSchema;
import dev.switchback.lab.pg.PgServer;
import dev.switchback.pg.Sql;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TrafficPgTest {
    private static final String SERVICE = "mastodon-postgresql-pooler.mastodon.svc";
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final Pace BRISK = Pace.DEFAULT.withThink(Duration.ofMillis(4));

    private final PgServer server = PgServer.start(15, List.of("localhost", SERVICE), Map.of());
    private final List<AppPod> pods = new ArrayList<>();
    private int databases;
    private String database = "";

    @BeforeAll
    void fill() throws Exception {
        try (Connection c = server.connect("postgres")) {
            MastodonSchema.createDatabase(c, "seed");
        }
        try (Connection c = server.connect("seed")) {
            MastodonSchema.create(c);
        }
        MastodonData.fill(server.superuser("seed"), 0.005);
    }

    @BeforeEach
    void ownDatabase() throws Exception {
        database = "mastodon" + ++databases;
        try (Connection c = server.connect("postgres")) {
            Sql.run(c, "CREATE DATABASE " + database + " TEMPLATE seed OWNER mastodon");
        }
    }

    @AfterEach
    void stopPods() throws Exception {
        for (AppPod pod : pods) {
            pod.stop(GRACE).toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
        pods.clear();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void trafficOnOneServerIsJudgedCleanWhileItRunsAndAfterwards(@TempDir Path folder)
            throws Exception {
        Path copy = folder.resolve("ledger.tsv");
        try (Ledger ledger = new Ledger(copy);
                Connection c = server.connect(database)) {
            Instant start = ledger.now();
            AppPod web = pod("web-0", ledger, BRISK);
            AppPod sidekiq = pod("sidekiq-0", ledger, BRISK);
            acknowledged(ledger, 300);
            assertThat(ledger.judge(c, null).examples()).isEmpty();
            acknowledged(ledger, 600);
            assertThat(web.isServing()).isTrue();
            assertThat(web.replicaReads()).isPositive();
            assertThat(web.replicaFailures()).isZero();
            stopPods();

            Judgement judgement = ledger.judge(c, c);
            assertThat(judgement.examples()).isEmpty();
            assertThat(judgement.clean()).isTrue();
            assertThat(judgement.unjudgedRows()).isZero();
            assertThat(judgement.unknownWrites()).isZero();
            assertThat(judgement.acknowledgedWrites())
                    .isEqualTo(web.acknowledged() + sidekiq.acknowledged());
            List<String> lines = Files.readAllLines(copy);
            assertThat(lines.stream().filter(l -> l.contains("\tACKNOWLEDGED\t")))
                    .hasSize((int) judgement.acknowledgedWrites());
            assertThat(String.join("", lines))
                    .contains("update statuses", "update status_stats", "delete favourites")
                    .doesNotContain(MastodonSchema.OWNER_PASSWORD.reveal());
            assertThat(ledger.longestPause(start, ledger.now())).isPresent();
        }
    }

    @Test
    void aPlantedLostWriteFailsTheJudgement(@TempDir Path folder) throws Exception {
        Judgement judgement = judgeAfter(folder, Ledger::plantLostWrite);
        assertThat(judgement.lostWrites()).isEqualTo(1);
        assertThat(judgement.clean()).isFalse();
        assertThat(judgement.examples()).hasSize(1).first().asString().contains("notifications");
    }

    @Test
    void aPlantedDoubleFailsTheJudgement(@TempDir Path folder) throws Exception {
        Judgement judgement = judgeAfter(folder, Ledger::plantDouble);
        assertThat(judgement.duplicateWrites()).isEqualTo(1);
        assertThat(judgement.lostWrites()).isZero();
        assertThat(judgement.clean()).isFalse();
    }

    @Test
    void aPlantedStaleUpdateFailsTheJudgement(@TempDir Path folder) throws Exception {
        Judgement judgement = judgeAfter(folder, Ledger::plantStaleUpdate);
        assertThat(judgement.lostWrites()).isEqualTo(1);
        assertThat(judgement.clean()).isFalse();
    }

    @Test
    void anUpdateLostWhilePodsRunIsNoticedEvenWhenALaterOneCoversIt(@TempDir Path folder)
            throws Exception {
        try (Ledger ledger = new Ledger(folder.resolve("ledger.tsv"));
                Connection c = server.connect(database)) {
            pod("web-0", ledger, BRISK);
            acknowledged(ledger, 30);
            Sql.run(c, "UPDATE status_stats SET replies_count = 77 WHERE ledger_token IS NOT NULL");
            acknowledged(ledger, 100);
            stopPods();
            assertThat(ledger.judge(c, null).lostWrites()).isPositive();
        }
    }

    @Test
    void noAcknowledgedWriteIsLostWhenTheServerCrashesUnderTheTraffic(@TempDir Path folder)
            throws Exception {
        try (Ledger ledger = new Ledger(folder.resolve("ledger.tsv"))) {
            AppPod web = pod("web-0", ledger, BRISK.withConnections(4));
            acknowledged(ledger, 200);
            Instant before = ledger.now();
            server.crash();
            Await.until("the pod noticed", SOON, () -> !web.isServing());
            assertThat(ledger.downtime(before, ledger.now())).isEmpty();
            server.restart();
            Await.until("the pod serves again", SOON, web::isServing);
            acknowledged(ledger, ledger.acknowledgedWrites() + 50);
            stopPods();
            try (Connection c = server.connect(database)) {
                Judgement judgement = ledger.judge(c, null);
                assertThat(judgement.examples()).isEmpty();
                assertThat(judgement.clean()).isTrue();
                assertThat(judgement.unknownWrites()).isEqualTo(ledger.unknownWrites());
            }
            Duration pause = ledger.longestPause(before, ledger.now()).orElseThrow();
            assertThat(pause).isBetween(Duration.ofMillis(50), Duration.ofSeconds(20));
        }
    }

    @Test
    void aCommitWithoutAnswerMayHaveEitherOutcome(@TempDir Path folder) throws Exception {
        try (Ledger ledger = new Ledger(folder.resolve("ledger.tsv"));
                Connection c = server.connect(database)) {
            pod("web-0", ledger, BRISK.withConnections(1));
            acknowledged(ledger, 20);
            stopPods();
            LedgerTransaction happened = ledger.begin("hand");
            RowKey there = happened.insert(TrafficTable.NOTIFICATIONS, "mention");
            Sql.run(
                    c,
                    "INSERT INTO notifications (account_id, from_account_id, activity_id, ledger_token)"
                            + " SELECT min(id), min(id), 1, "
                            + there.token()
                            + " FROM accounts");
            happened.unknown("no answer");
            LedgerTransaction didNot = ledger.begin("hand");
            didNot.insert(TrafficTable.NOTIFICATIONS, "mention");
            LedgerTransaction.Claimed kept = didNot.claim(TrafficTable.STATUSES).orElseThrow();
            didNot.update(kept, "never seen");
            didNot.unknown("no answer");

            Judgement judgement = ledger.judge(c, null);
            assertThat(judgement.unknownWrites()).isEqualTo(2);
            assertThat(judgement.examples()).isEmpty();
            assertThat(judgement.clean()).isTrue();

            Sql.run(
                    c,
                    "UPDATE statuses SET text = 'neither' WHERE ledger_token = "
                            + kept.row().token());
            assertThat(ledger.judge(c, null).lostWrites()).isEqualTo(1);
        }
    }

    @Test
    void aRefusedTransactionThatIsThereAfterAllIsAPhantom(@TempDir Path folder) throws Exception {
        try (Ledger ledger = new Ledger(folder.resolve("ledger.tsv"));
                Connection c = server.connect(database)) {
            LedgerTransaction refused = ledger.begin("hand");
            RowKey row = refused.insert(TrafficTable.NOTIFICATIONS, "mention");
            Sql.run(
                    c,
                    "INSERT INTO notifications (account_id, from_account_id, activity_id, ledger_token)"
                            + " SELECT min(id), min(id), 1, "
                            + row.token()
                            + " FROM accounts");
            refused.refused("the server said no");
            assertThat(ledger.judge(c, null).phantomWrites()).isEqualTo(1);
        }
    }

    @Test
    void aStoppedPodEndsWithinItsGraceAndLeavesNoSession(@TempDir Path folder) throws Exception {
        try (Ledger ledger = new Ledger(folder.resolve("ledger.tsv"));
                Connection c = server.connect(database)) {
            AppPod pod = pod("web-0", ledger, Pace.DEFAULT.withThink(Duration.ofSeconds(30)));
            acknowledged(ledger, 1);
            long start = System.nanoTime();
            pod.stop(GRACE).toCompletableFuture().get(GRACE.toMillis(), TimeUnit.MILLISECONDS);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(GRACE);
            assertThat(ledger.events().getLast().detail()).isEqualTo("in time");
            Await.until("its sessions are gone", SOON, () -> sessions(c, "web-0") == 0);
        }
    }

    @Test
    void aPodThatIgnoresTheStopWritesOnUntilItIsKilled(@TempDir Path folder) throws Exception {
        try (Ledger ledger = new Ledger(folder.resolve("ledger.tsv"));
                Connection c = server.connect(database)) {
            AppPod pod = pod("deaf-0", ledger, BRISK.ignoringStop());
            acknowledged(ledger, 10);
            long before = ledger.acknowledgedWrites();
            pod.stop(Duration.ofMillis(300)).toCompletableFuture().get(10, TimeUnit.SECONDS);
            long after = ledger.acknowledgedWrites();
            assertThat(after).isGreaterThan(before);
            assertThat(ledger.events().getLast().detail()).isEqualTo("killed");
            Await.until("its sessions are gone", SOON, () -> sessions(c, "deaf-0") == 0);
            assertThat(ledger.acknowledgedWrites()).isEqualTo(after);
            assertThat(ledger.judge(c, null).examples()).isEmpty();
        }
    }

    @Test
    void aServerWhoseCertificateNamesAnotherServiceIsNeverWrittenTo(@TempDir Path folder)
            throws Exception {
        try (Ledger ledger = new Ledger(folder.resolve("ledger.tsv"))) {
            AppPod pod = pod("web-0", "other.mastodon.svc", ledger, BRISK, this::resolve);
            Await.until(
                    "the pod was refused",
                    SOON,
                    () ->
                            ledger.events().stream()
                                    .anyMatch(e -> e.kind() == LedgerEvent.Kind.POD_REFUSED));
            assertThat(ledger.events().getLast().detail()).contains("TLS");
            stopPods();
            assertThat(pod.acknowledged()).isZero();
        }
    }

    @Test
    void aServiceWithoutEndpointsIsTriedAgainUntilItHasOne(@TempDir Path folder) throws Exception {
        try (Ledger ledger = new Ledger(folder.resolve("ledger.tsv"))) {
            long[] asked = new long[1];
            AppPod pod =
                    pod(
                            "web-0",
                            SERVICE,
                            ledger,
                            BRISK.withConnections(1),
                            name -> asked[0]++ < 2 ? Optional.empty() : resolve(name));
            Await.until("it serves in the end", SOON, pod::isServing);
            stopPods();
        }
    }

    private interface Damage {
        String plant(Ledger ledger, Connection c) throws Exception;
    }

    private Judgement judgeAfter(Path folder, Damage damage) throws Exception {
        try (Ledger ledger = new Ledger(folder.resolve("ledger.tsv"));
                Connection c = server.connect(database)) {
            pod("web-0", ledger, BRISK);
            acknowledged(ledger, 100);
            assertThat(damage.plant(ledger, c)).isNotEmpty();
            stopPods();
            return ledger.judge(c, null);
        }
    }

    private AppPod pod(String name, Ledger ledger, Pace pace) {
        return pod(name, SERVICE, ledger, pace, this::resolve);
    }

    private AppPod pod(
            String name,
            String host,
            Ledger ledger,
            Pace pace,
            Function<String, Optional<HostPort>> resolver) {
        AppPod pod =
                new AppPod(
                        name,
                        Map.of(
                                "DB_HOST", host,
                                "DB_NAME", database,
                                "DB_USER", MastodonSchema.OWNER,
                                "DB_PASS", MastodonSchema.OWNER_PASSWORD.reveal(),
                                "REPLICA_DB_HOST", host),
                        server.caPem(),
                        resolver,
                        ledger,
                        pace);
        pods.add(pod);
        pod.start();
        return pod;
    }

    private Optional<HostPort> resolve(String name) {
        return Optional.of(new HostPort(server.address(), server.port()));
    }

    private static void acknowledged(Ledger ledger, long count) throws Exception {
        Await.until(
                count + " acknowledged writes", SOON, () -> ledger.acknowledgedWrites() >= count);
    }

    private static long sessions(Connection c, String application) throws Exception {
        return Long.parseLong(
                Sql.one(
                        c,
                        "SELECT count(*) FROM pg_stat_activity WHERE application_name = ?",
                        application));
    }
}
