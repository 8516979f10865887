package dev.switchback.runbook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchback.fault.SwitchbackException;
import dev.switchback.fence.Fence;
import dev.switchback.lab.Await;
import dev.switchback.lab.demo.Lab;
import dev.switchback.lab.demo.Program;
import dev.switchback.lab.kube.Fault;
import dev.switchback.lab.kube.MastodonCluster;
import dev.switchback.lab.mastodon.MastodonSchema;
import dev.switchback.lab.pg.TcpProxy;
import dev.switchback.link.Link;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.pg.Stopper;
import dev.switchback.settle.Alerts;
import dev.switchback.settle.Baselines;
import dev.switchback.settle.Checklists.Box;
import dev.switchback.settle.Checklists.Checklist;
import dev.switchback.settle.Exposition;
import dev.switchback.settle.Look;
import dev.switchback.settle.MetricsServer;
import dev.switchback.settle.PrometheusRules;
import dev.switchback.settle.Sample;
import dev.switchback.settle.Watch;
import dev.switchback.settle.WatchRecord;
import dev.switchback.settle.WatchRecord.AlertState;
import dev.switchback.settle.WatchRecord.Baseline;
import dev.switchback.settle.WatchRecord.LateWriter;
import dev.switchback.spec.DocumentReader;
import dev.switchback.steps.link.Links;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/**
 * Each alert fired by what makes it true and cleared by what ends it, on one world that was
 * migrated once: real servers, the simulated cluster's objects and logs.
 */
@Tag("boundaries")
@Timeout(240)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SettleKubeTest {
    private static final String NAMESPACE = MastodonCluster.NAMESPACE;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** The window's end and a day of watching come when the test says so. */
    private static final AtomicReference<Duration> AHEAD = new AtomicReference<>(Duration.ZERO);

    private static final InstantSource CLOCK = () -> Instant.now().plus(AHEAD.get());

    private static Rig rig;
    private static Path document;
    private static Stage stage;
    private static Watch watch;

    @BeforeAll
    static void migrateOnce() throws Exception {
        rig = new Rig();
        // as Spilo logs
        rig.lab.source().restart(Map.of("logging_collector", "on", "log_destination", "csvlog"));
        assertThat(rig.lab.applications().awaitServing(rig.lab.pods(), PATIENCE)).isTrue();
        document =
                Files.writeString(
                        rig.lab.folder().resolve("settle.yaml"),
                        Lab.DOCUMENT
                                + "  rollback: {window: 48h}\n"
                                + "  settle: {watch: 2s, interval: 500ms, alerts: {looks: 2}}\n");
        List<String> line =
                new ArrayList<>(List.of("migrate", "--yes", "--metrics", "127.0.0.1:0"));
        line.addAll(common());
        Program.Running running = rig.program.start(false, line);
        String shown = awaitShown(running, "switchback_migration_status{status=\"running\"} 1");
        assertThat(shown).contains("switchback_migration_steps ", "switchback_migration_attempt 1");
        Program.Result migrated = running.await(120);
        assertThat(migrated.exit()).as(migrated.err()).isZero();
        rig.lab.noise().stopReport();
        assertThat(rig.lab.applications().awaitServing(rig.lab.pods(), PATIENCE)).isTrue();
        stage =
                Stage.open(
                        DocumentReader.read(document),
                        new Stage.Connect(
                                Optional.of(rig.lab.kubeconfig()), Optional.empty(), true),
                        rig.events::add,
                        CLOCK);
        watch = Watching.of(stage, rig.events::add);
    }

    @AfterAll
    static void close() {
        if (stage != null) {
            stage.close();
        }
        rig.close();
    }

    /** What a child's endpoint shows, once it shows this. */
    private static String awaitShown(Program.Running running, String wanted) throws Exception {
        AtomicReference<String> shown = new AtomicReference<>("");
        Await.until(
                "the endpoint shows " + wanted,
                PATIENCE,
                () -> {
                    assertThat(running.isAlive()).as(running::errSoFar).isTrue();
                    var url = Pattern.compile("metrics: (http://\\S+)").matcher(running.errSoFar());
                    if (url.find()) {
                        shown.set(get(url.group(1)).body());
                    }
                    return shown.get().contains(wanted);
                });
        return shown.get();
    }

    private static HttpResponse<String> get(String url) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create(url)).build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private static Look lastLook() {
        return Objects.requireNonNull(watch.last());
    }

    private static Baseline baseline(WatchRecord record, String name) {
        return Objects.requireNonNull(record.baselines().get(name));
    }

    private static AlertState alert(String name) throws InterruptedException {
        return watch.look().alert(name).orElseThrow();
    }

    private static AlertState awaitFiring(String name) throws Exception {
        AtomicReference<AlertState> last = new AtomicReference<>();
        Await.until(
                name + " fires",
                PATIENCE,
                () -> {
                    last.set(alert(name));
                    return last.get().isFiring();
                });
        return last.get();
    }

    private static void awaitCleared(String name) throws Exception {
        Await.until(
                name + " is cleared", PATIENCE, () -> alert(name).state().equals(AlertState.OK));
    }

    @Test
    @Order(1)
    void afterACleanSwitchNothingFiresAndTheStableStretchBegins() throws Exception {
        Await.until(
                "a look at which nothing fires and everything is read",
                PATIENCE,
                () ->
                        watch.look().alerts().stream()
                                .allMatch(a -> a.state().equals(AlertState.OK)));
        WatchRecord record = watch.look();
        assertThat(record.stableSince()).isPresent();
        assertThat(record.looks()).isGreaterThan(1);
        assertThat(lastLook().unread()).isEmpty();
        assertThat(record.baselines()).containsKey(Baselines.BEFORE);
        assertThat(baseline(record, Baselines.BEFORE).bytes()).containsKey("mastodon");
    }

    @Test
    @Order(2)
    void aSecondWatchGoesOnFromTheRecordAndAnotherSwitchBeginsAnew() throws Exception {
        long looks = watch.look().looks();
        try (Stage other = rig.stage(document)) {
            Watch second = Watching.of(other, event -> {});
            assertThat(second.look().looks()).isEqualTo(looks + 1);
            assertThat(
                            new dev.switchback.settle.WatchStore(
                                            other.world().kube(), NAMESPACE, "mastodon")
                                    .read("another-uid", null))
                    .isEmpty();
        }
    }

    @Test
    @Order(3)
    void aSessionOfAnApplicationOnTheSourceIsALateWriter() throws Exception {
        rig.lab.noise().startReport();
        AlertState firing = awaitFiring(Alerts.LATE_WRITER);
        assertThat(firing.what()).contains("mastodon", "127.0.0.1", "mastodon-report");
        assertThat(watch.record().stableSince()).isEmpty();
        rig.lab.noise().stopReport();
        awaitCleared(Alerts.LATE_WRITER);
        assertThat(watch.record().stableSince()).isPresent();
    }

    @Test
    @Order(4)
    void whoWasRefusedByTheFenceIsNamedWithAddressUserAndApplication() throws Exception {
        try (Connection late =
                Pg.open(
                        rig.lab
                                .source()
                                .superuser("mastodon")
                                .withLogin(MastodonSchema.OWNER, MastodonSchema.OWNER_PASSWORD)
                                .withApplicationName("forgotten-cron"))) {
            Sql.run(late, "SET default_transaction_read_only = off");
            assertThatThrownBy(() -> Sql.run(late, "DELETE FROM accounts"))
                    .hasMessageContaining("is fenced");
        }
        AtomicReference<List<LateWriter>> seen = new AtomicReference<>(List.of());
        Await.until(
                "the refused statement is in the record",
                PATIENCE,
                () -> {
                    seen.set(
                            watch.look().lateWriters().stream()
                                    .filter(w -> w.seen().equals("refused"))
                                    .toList());
                    return !seen.get().isEmpty();
                });
        assertThat(seen.get())
                .singleElement()
                .satisfies(w -> {
                    assertThat(w.address()).startsWith("127.");
                    assertThat(w.role()).isEqualTo(MastodonSchema.OWNER);
                    assertThat(w.application()).isEqualTo("forgotten-cron");
                    assertThat(w.database()).isEqualTo("mastodon");
                    assertThat(w.what()).contains("DELETE on public.accounts is refused");
                });
        awaitCleared(Alerts.LATE_WRITER);
    }

    @Test
    @Order(5)
    void moreThanFivePercentOfErrorLinesFire() throws Exception {
        Pod pod = pod("mastodon-web");
        Await.until(
                "the error rate fires",
                PATIENCE,
                () -> {
                    for (int i = 0; i < 100; i++) {
                        rig.lab
                                .kube()
                                .log(
                                        NAMESPACE,
                                        pod.getMetadata().getName(),
                                        "ERROR PG::ConnectionBad: password=hunter2");
                    }
                    return alert(Alerts.ERRORS).isFiring();
                });
        assertThat(watch.record().alert(Alerts.ERRORS).orElseThrow().what())
                .contains("deployment/mastodon-web", "log lines tell of an error");
        awaitCleared(Alerts.ERRORS);
    }

    @Test
    @Order(6)
    void podsThatCrashAgainAndAgainFire() throws Exception {
        Pod healthy = pod("mastodon-sidekiq-background");
        Pod crashing = pod("mastodon-sidekiq-background");
        var container = crashing.getStatus().getContainerStatuses().getFirst();
        container.setReady(false);
        container.setRestartCount(7);
        container.setState(
                new ContainerStateBuilder()
                        .withNewWaiting()
                        .withReason("CrashLoopBackOff")
                        .endWaiting()
                        .build());
        var pods = rig.lab.kube().client().pods().inNamespace(NAMESPACE);
        pods.resource(crashing).updateStatus();
        assertThat(awaitFiring(Alerts.CRASH).what()).contains("CrashLoopBackOff");
        healthy.getMetadata().setResourceVersion(null);
        pods.resource(healthy).updateStatus();
        awaitCleared(Alerts.CRASH);
    }

    @Test
    @Order(7)
    void aServiceThatLeadsNowhereFires() throws Exception {
        String address = rig.lab.target().address();
        rig.lab.kube().moveService(NAMESPACE, "database-pooler-rw", "127.255.255.254");
        assertThat(awaitFiring(Alerts.CONNECTIVITY).what()).contains("database-pooler-rw");
        rig.lab.kube().moveService(NAMESPACE, "database-pooler-rw", address);
        awaitCleared(Alerts.CONNECTIVITY);
    }

    @Test
    @Order(8)
    void answersTwiceAsSlowAsTheBaselineFire() throws Exception {
        String address = rig.lab.target().address();
        TcpProxy proxy = rig.lab.network().beforeTargetService();
        proxy.slow(100_000);
        assertThat(awaitFiring(Alerts.RESPONSE).what()).contains("ms, before the switch it was");
        proxy.restore();
        rig.lab.kube().moveService(NAMESPACE, "database-rw", address);
        awaitCleared(Alerts.RESPONSE);
    }

    @Test
    @Order(9)
    void aBackupThatFailsFiresAndAProvenOneClears() throws Exception {
        var controllers = rig.lab.controllers();
        controllers.backupsFail(MastodonCluster.TARGET, "the object store answers 403");
        assertThatThrownBy(() -> watch.proveBackup(Stopper.NEVER))
                .isInstanceOf(SwitchbackException.class)
                .hasMessageContaining("SB-612")
                .hasMessageContaining("the object store answers 403");
        assertThat(awaitFiring(Alerts.BACKUP).what()).contains("the object store answers 403");
        assertThatThrownBy(() -> Watching.requireProvenBackup(stage, stage.requireState()))
                .hasMessageContaining("--without-backup");

        controllers.backupsFail(MastodonCluster.TARGET, null);
        var proof = watch.proveBackup(Stopper.NEVER);
        assertThat(proof.method()).isEqualTo("plugin");
        assertThat(proof.proven()).isTrue();
        assertThat(proof.archivedWal()).matches("[0-9A-F]{24}");
        awaitCleared(Alerts.BACKUP);
        Watching.requireProvenBackup(stage, stage.requireState());
    }

    @Test
    @Order(10)
    void aReverseLinkThatStandsStillFires() throws Exception {
        Link reverse =
                new Links(stage.world(), stage.requireState().uid(), "test").reverse("mastodon");
        reverse.disable(Fence::past);
        assertThat(awaitFiring(Alerts.LINK).what()).contains("disabled");
        reverse.enable(Fence::past);
        awaitCleared(Alerts.LINK);
    }

    @Test
    @Order(11)
    void aVolumeThatIsNearlyFullFires() throws Exception {
        volume("50Mi");
        assertThat(awaitFiring(Alerts.VOLUME).what()).contains("target");
        volume("20Gi");
        awaitCleared(Alerts.VOLUME);
    }

    private static void volume(String size) {
        var claims = rig.lab.kube().client().persistentVolumeClaims().inNamespace(NAMESPACE);
        var claim = claims.withName("database-1").get();
        claim.getStatus().setCapacity(Map.of("storage", new Quantity(size)));
        claims.resource(claim).updateStatus();
    }

    @Test
    @Order(12)
    void aSlotThatKeepsMuchWalFires() throws Exception {
        try (Connection target = rig.lab.target().connect("postgres")) {
            Sql.one(target, "SELECT pg_create_physical_replication_slot('forgotten', true)");
            rig.lab.target().configure(Map.of("max_slot_wal_keep_size", "64MB"));
            for (int i = 0; i < 2; i++) {
                Sql.one(target, "SELECT pg_logical_emit_message(false, 'test', 'wal')");
                Sql.one(target, "SELECT pg_switch_wal()");
            }
            assertThat(awaitFiring(Alerts.SLOT).what()).contains("forgotten");
            Sql.one(target, "SELECT pg_drop_replication_slot('forgotten')");
            rig.lab.target().configure(Map.of("max_slot_wal_keep_size", "-1"));
            awaitCleared(Alerts.SLOT);
        }
    }

    @Test
    @Order(13)
    void whatCannotBeReadIsNeverFine() throws Exception {
        rig.lab
                .kube()
                .fail(
                        10_000,
                        request -> request.path().contains("/backups"),
                        new Fault.Status(403, false));
        AlertState blind = awaitFiring(Alerts.BLIND);
        assertThat(blind.what()).contains("backups");
        assertThat(watch.record().alert(Alerts.BACKUP).orElseThrow())
                .satisfies(a -> assertThat(a.state()).isEqualTo(AlertState.UNKNOWN))
                .satisfies(a -> assertThat(a.what()).contains("cannot be read"));
        rig.lab.kube().clearFaults();
        awaitCleared(Alerts.BLIND);
        assertThat(alert(Alerts.BACKUP).state()).isEqualTo(AlertState.OK);
    }

    @Test
    @Order(14)
    void aDayOfWatchingRecordsTheTargetsOwnBaselineAndTheWindowsEndIsRemindedOf() throws Exception {
        assertThat(watch.look().baselines()).doesNotContainKey(Baselines.SETTLED);
        AHEAD.set(Duration.ofHours(45));
        WatchRecord record = watch.look();
        assertThat(record.watched()).isGreaterThan(Duration.ofHours(44));
        assertThat(baseline(record, Baselines.SETTLED).seconds())
                .containsKey("mastodon: round trip");
        assertThat(record.alert(Alerts.WINDOW).orElseThrow().what()).contains("ends");
        assertThat(record.alert(Alerts.WINDOW).orElseThrow().isFiring()).isTrue();
        assertThat(record.stableSince()).as("a reminder ends no stable stretch").isPresent();
    }

    @Test
    @Order(15)
    void theEndpointShowsEveryMetricThatTheRulesUseAndPromtoolAcceptsBoth() throws Exception {
        WatchRecord record = watch.look();
        List<Sample> samples = new ArrayList<>(Exposition.of(lastLook(), record));
        samples.addAll(new RunMetrics(stage).get());
        String text;
        try (MetricsServer server = MetricsServer.start("127.0.0.1:0", () -> samples)) {
            HttpResponse<String> answer = get("http://" + server.address() + "/metrics");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type"))
                    .contains(Exposition.CONTENT_TYPE);
            text = answer.body();
        }
        assertThat(text).doesNotContain("hunter2", "password=");
        Predicate<String> shown = name -> text.contains("\n# TYPE " + name + " ");
        var rules = PrometheusRules.of(stage.migration());
        TreeSet<String> used = new TreeSet<>();
        rules.findValuesAsText("expr")
                .forEach(expr ->
                        Pattern.compile("switchback_[a-z_]+")
                                .matcher(expr)
                                .results()
                                .forEach(m -> used.add(m.group())));
        // no URL is declared, and forecasts are there only while something grows
        used.removeAll(
                List.of(
                        "switchback_probe_up",
                        "switchback_slot_seconds_to_full",
                        "switchback_volume_seconds_to_full",
                        "switchback_database_rollback_excess_ratio"));
        assertThat(used).hasSizeGreaterThan(9).allMatch(shown);

        Promtool.checkMetrics(text);
        Promtool.checkRules(rig.lab.folder(), rules.path("spec"));
    }

    @Test
    @Order(16)
    void everyTransitionIsOneEventOnEachClustersObject() throws Exception {
        WatchRecord record = watch.look();
        List<Event> events =
                rig.lab.kube().client().v1().events().inNamespace(NAMESPACE).list().getItems();
        assertThat(record.transitions()).hasSizeGreaterThan(15).allMatch(t -> t.told());
        for (String kind : List.of("postgresql", "Cluster")) {
            assertThat(events)
                    .filteredOn(e -> e.getInvolvedObject().getKind().equals(kind))
                    .hasSize(record.transitions().size())
                    .allMatch(e -> !e.getInvolvedObject().getUid().isEmpty());
        }
    }

    @Test
    @Order(17)
    void theChecklistsAreTickedByEvidenceOrSayWhyTheyAreOpen() throws Exception {
        List<Checklist> lists = Watching.checklists(stage, stage.requireState());
        assertThat(lists).hasSize(3);
        assertThat(lists.stream().flatMap(l -> l.boxes().stream()))
                .hasSize(17)
                .allMatch(b -> !b.evidence().isBlank());
        assertThat(box(lists, "CNPG backups running successfully").ticked()).isTrue();
        assertThat(box(lists, "Backup system operational").ticked()).isTrue();
        assertThat(box(lists, "Performance metrics stable").evidence()).contains("ms");
        assertThat(box(lists, "No user-reported issues").ticked()).isFalse();
        assertThat(box(lists, "Zero database-related incidents").evidence()).contains("7 days");
    }

    private static Box box(List<Checklist> lists, String text) {
        return lists.stream()
                .flatMap(l -> l.boxes().stream())
                .filter(b -> b.text().equals(text))
                .findFirst()
                .orElseThrow();
    }

    @Test
    @Order(18)
    void theCommandWatchesUntilItsTimeIsOverAndSaysWhatItFound() throws Exception {
        // the program's clock is the real one again: a shift back must not confuse it
        List<String> line = new ArrayList<>(List.of("watch", "--for", "1s"));
        line.addAll(common());
        var found = rig.program.start(false, line).await(60);
        assertThat(found.out()).contains("\"kind\" : \"WatchReport\"", "checklists");
        assertThat(found.exit()).as(found.err()).isZero();
        assertThat(found.err()).contains("nothing fires");

        List<String> report = new ArrayList<>(List.of("report"));
        report.addAll(common());
        assertThat(rig.program.start(false, report).await(60).out())
                .contains("Long-term Success (After 7 Days)");
    }

    @Test
    @Order(19)
    void aWatchThatIsTerminatedServedItsMetricsAndKeepsWhatItFound() throws Exception {
        long looks = watch.record().looks();
        List<String> line =
                new ArrayList<>(List.of("watch", "--for", "1h", "--listen", "127.0.0.1:0"));
        line.addAll(common());
        Program.Running running = rig.program.start(false, line);
        assertThat(awaitShown(running, "switchback_database_up{"))
                .contains("switchback_migration_status{status=\"completed\"} 1");
        running.terminate();
        assertThat(running.await(30).exit()).isEqualTo(143);
        assertThat(watch.record().looks()).isGreaterThan(looks);
    }

    private static List<String> common() throws IOException {
        return List.of(
                "-f",
                document.toString(),
                "--kubeconfig",
                rig.lab.kubeconfig().toString(),
                "--direct",
                "-o",
                "json");
    }

    private static Pod pod(String writer) {
        return rig.lab
                .kube()
                .client()
                .pods()
                .inNamespace(NAMESPACE)
                .withLabel("app", writer)
                .list()
                .getItems()
                .getFirst();
    }
}
