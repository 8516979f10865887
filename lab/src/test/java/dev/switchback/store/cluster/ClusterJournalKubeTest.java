package dev.switchback.store.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchback.engine.Journal;
import dev.switchback.engine.Journal.Stored;
import dev.switchback.engine.JournalState;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.kube.Kube;
import dev.switchback.lab.Await;
import dev.switchback.lab.kube.FakeKube;
import dev.switchback.lab.kube.Fault;
import dev.switchback.lab.kube.Request;
import dev.switchback.pg.Secret;
import dev.switchback.store.JournalContract;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ClusterJournalKubeTest extends JournalContract {
    @TempDir Path folder;

    private FakeKube api;
    private Kube kube;

    @BeforeEach
    void start() {
        api = FakeKube.start();
        kube =
                Kube.connect(
                        Optional.of(api.kubeconfig(folder, api.adminToken(), "shop")),
                        Optional.empty());
    }

    @AfterEach
    void stop() {
        kube.close();
        api.close();
    }

    @Override
    protected Journal open() {
        return new ClusterJournal(kube, "shop", "shop");
    }

    @Test
    void anApiThatTimesOutAfterCreatingIsNoConflict() throws Exception {
        api.fail(1, ClusterJournalKubeTest::writesJournal, Fault.appliedThenStatus(504));
        Stored stored = open().swap("", state(1));
        assertThat(open().read()).contains(stored);
    }

    @Test
    void anApiThatTimesOutAfterReplacingIsNoConflict() throws Exception {
        Stored first = open().swap("", state(1));
        api.fail(1, ClusterJournalKubeTest::writesJournal, Fault.appliedThenStatus(504));
        Stored second = open().swap(first.version(), state(2));
        assertThat(second.state()).isEqualTo(state(2));
        assertThat(open().read()).contains(second);
    }

    @Test
    void aConnectionCutAfterReplacingIsNoConflict() throws Exception {
        Stored first = open().swap("", state(1));
        api.fail(1, ClusterJournalKubeTest::writesJournal, Fault.appliedThenHang());
        CompletableFuture<Stored> swap =
                CompletableFuture.supplyAsync(() -> {
                    try {
                        return open().swap(first.version(), state(2));
                    } catch (Journal.Conflict e) {
                        throw new AssertionError("taken for a conflict", e);
                    }
                });
        Await.until(
                "the change is applied and not answered",
                Duration.ofSeconds(10),
                () -> api.writes().stream().anyMatch(w -> w.applied() && w.status() == 0));
        api.release();
        assertThat(swap.get(20, TimeUnit.SECONDS).state()).isEqualTo(state(2));
        assertThat(open().read().orElseThrow().state()).isEqualTo(state(2));
    }

    @Test
    void anotherWriterBehindATimeOutIsAConflict() throws Exception {
        Stored first = open().swap("", state(1));
        open().swap(first.version(), state(2));
        api.fail(1, ClusterJournalKubeTest::writesJournal, Fault.status(504));
        assertThatThrownBy(() -> open().swap(first.version(), state(3)))
                .isInstanceOf(Journal.Conflict.class);
        assertThat(open().read().orElseThrow().state()).isEqualTo(state(2));
    }

    @Test
    void anApiThatStaysAwayIsAFailureAndNoConflict() throws Exception {
        Stored first = open().swap("", state(1));
        api.fail(100, ClusterJournalKubeTest::writesJournal, Fault.status(503));
        assertThatThrownBy(() -> open().swap(first.version(), state(2)))
                .isInstanceOfSatisfying(
                        SwitchbackException.class,
                        e -> assertThat(e.code()).isEqualTo(Code.KUBE_FAILED));
        api.clearFaults();
        assertThat(open().read().orElseThrow().state()).isEqualTo(state(1));
    }

    @Test
    void aConfigMapWithoutTheDocumentIsUnreadableAndNotNone() throws Exception {
        open().swap("", state(1));
        api.client()
                .configMaps()
                .inNamespace("shop")
                .withName("switchback-shop")
                .edit(m -> {
                    m.getData().remove("journal.json");
                    return m;
                });
        assertThatThrownBy(() -> open().read())
                .isInstanceOfSatisfying(
                        SwitchbackException.class,
                        e -> assertThat(e.code()).isEqualTo(Code.JOURNAL_UNREADABLE));
    }

    @Test
    void aCapturedValueIsWrittenOnceAndItsLossIsNotGuessedAround() {
        CapturedValues captured = new CapturedValues(kube, "shop", "shop");
        String name = "a1.ConfigMap/shop/env/DB_HOST";
        assertThat(captured.find(name)).isEmpty();
        captured.keep(name, Secret.of("old"));
        captured.keep(name, Secret.of("already switched"));
        captured.keep("a2.ConfigMap/shop/env/DB_HOST", Secret.of("ü\n"));
        assertThat(captured.require(name).reveal()).isEqualTo("old");
        assertThat(captured.require("a2.ConfigMap/shop/env/DB_HOST").reveal()).isEqualTo("ü\n");
        assertThatThrownBy(() -> captured.require("a3.ConfigMap/shop/env/DB_HOST"))
                .isInstanceOfSatisfying(
                        SwitchbackException.class,
                        e -> assertThat(e.code()).isEqualTo(Code.JOURNAL_UNREADABLE));
    }

    @Test
    void aCapturedValueSurvivesAnApiThatTimesOutAfterApplying() {
        CapturedValues captured = new CapturedValues(kube, "shop", "shop");
        Predicate<Request> secrets = r -> r.path().contains("/secrets") && r.isWrite();
        for (String name : List.of("first", "second")) { // created, then replaced
            api.fail(1, secrets, Fault.appliedThenStatus(504));
            captured.keep(name, Secret.of(name));
            assertThat(captured.require(name).reveal()).isEqualTo(name);
        }
    }

    private static JournalState state(long epoch) {
        return new JournalState(
                JournalState.API_VERSION,
                "shop/shop",
                "a1b2c3",
                "offline",
                epoch,
                null,
                1,
                JournalState.Status.NEW,
                List.of(),
                null,
                List.of());
    }

    private static boolean writesJournal(Request request) {
        return request.path().contains("/configmaps") && request.isWrite();
    }
}
