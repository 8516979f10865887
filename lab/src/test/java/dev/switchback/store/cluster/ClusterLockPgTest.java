package dev.switchback.store.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchback.engine.Lock;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.kube.Kube;
import dev.switchback.lab.Await;
import dev.switchback.lab.kube.FakeKube;
import dev.switchback.lab.pg.PgServer;
import dev.switchback.pg.Pg;
import dev.switchback.progress.Progress;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Only one run at a time, and a dead or silent one does not keep the next from going on. */
@Timeout(60)
class ClusterLockPgTest {
    @TempDir static Path folder;

    private static PgServer source;
    private static PgServer target;
    private static FakeKube api;
    private static Kube kube;

    private final List<Progress.Event> told = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void start() {
        source = PgServer.start(15);
        target = PgServer.start(15);
        api = FakeKube.start();
        kube =
                Kube.connect(
                        Optional.of(api.kubeconfig(folder, api.adminToken(), "shop")),
                        Optional.empty());
    }

    @AfterAll
    static void stop() {
        kube.close();
        api.close();
        source.close();
        target.close();
    }

    @Test
    void aSecondRunIsRefusedWhileTheFirstGivesSigns() {
        try (Lock.Held first = lock("living", now()).acquire("one", Optional.empty())) {
            assertThatThrownBy(() -> lock("living", now()).acquire("two", Optional.of("one")))
                    .isInstanceOfSatisfying(
                            SwitchbackException.class,
                            e -> {
                                assertThat(e.code()).isEqualTo(Code.LOCKED);
                                assertThat(e.problem().what()).contains("(one)");
                                assertThat(e.problem().remedy()).isNotEmpty();
                            });
            assertThat(first.lost()).isEmpty();
        }
        lock("living", now()).acquire("two", Optional.empty()).close();
    }

    @Test
    void anotherMigrationIsNotInTheWay() {
        try (Lock.Held one = lock("this", now()).acquire("one", Optional.empty());
                Lock.Held two = lock("that", now()).acquire("one", Optional.empty())) {
            assertThat(one.lost()).isEmpty();
            assertThat(two.lost()).isEmpty();
        }
    }

    @Test
    void aSilentHolderIsTakenOverAndLearnsIt() throws Exception {
        Instant past = Instant.now().minusSeconds(31);
        try (Lock.Held paused =
                lock("silent", InstantSource.fixed(past)).acquire("one", Optional.empty())) {
            try (Lock.Held next = lock("silent", now()).acquire("two", Optional.of("one"))) {
                assertThat(next.lost()).isEmpty();
                Await.until(
                        "the silent holder learns that its lock is gone",
                        Duration.ofSeconds(15),
                        () -> paused.lost().isPresent());
                assertThat(paused.lost().orElseThrow().code()).isEqualTo(Code.EPOCH_LOST);
                assertThat(next.lost()).isEmpty();
            }
        }
    }

    @Test
    void aHolderSilentForLessIsLeftAlone() {
        Instant past = Instant.now().minusSeconds(20);
        try (Lock.Held slow =
                lock("slow", InstantSource.fixed(past)).acquire("one", Optional.empty())) {
            assertThatThrownBy(() -> lock("slow", now()).acquire("two", Optional.of("one")))
                    .isInstanceOf(SwitchbackException.class);
            assertThat(slow.lost()).isEmpty();
        }
    }

    @Test
    void whatADeadRunLeftRunningIsEndedAndNobodyElses() throws SQLException {
        try (Connection left = session(source, "switchback/dead/copy-tables");
                Connection there = session(target, "switchback/dead/copy-tables");
                Connection ours = session(source, "switchback/two/check");
                Connection app = session(source, "mastodon");
                Lock.Held held = lock("orphans", now()).acquire("two", Optional.of("dead"))) {
            assertThat(left.isValid(5)).isFalse();
            assertThat(there.isValid(5)).isFalse();
            assertThat(ours.isValid(5)).isTrue();
            assertThat(app.isValid(5)).isTrue();
            assertThat(held.lost()).isEmpty();
            assertThat(told)
                    .filteredOn(Progress.Note.class::isInstance)
                    .hasSize(2)
                    .first()
                    .asString()
                    .contains("ended 1 session(s)");
        }
    }

    @Test
    void aTargetThatDoesNotAnswerIsToldAndDoesNotKeepARunFromReleasing() {
        PgServer gone = PgServer.start(15);
        gone.close();
        ClusterLock lock =
                new ClusterLock(
                        kube,
                        "shop",
                        "halved",
                        "halved",
                        a -> source.superuser("postgres").withApplicationName(a),
                        a -> gone.superuser("postgres").withApplicationName(a),
                        () -> false,
                        now(),
                        told::add);
        lock.acquire("one", Optional.empty()).close();
        assertThat(told).singleElement().isInstanceOf(Progress.Warning.class);
    }

    private static InstantSource now() {
        return InstantSource.system();
    }

    private static Connection session(PgServer server, String application) {
        return Pg.open(server.superuser("postgres").withApplicationName(application));
    }

    private ClusterLock lock(String migration, InstantSource clock) {
        return new ClusterLock(
                kube,
                "shop",
                migration,
                migration,
                a -> source.superuser("postgres").withApplicationName(a),
                a -> target.superuser("postgres").withApplicationName(a),
                () -> false,
                clock,
                told::add);
    }
}
