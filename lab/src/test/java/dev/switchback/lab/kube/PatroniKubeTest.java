package dev.switchback.lab.kube;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.lab.Await;
import dev.switchback.lab.demo.Lab;
import dev.switchback.lab.pg.PgServer;
import dev.switchback.lab.traffic.Pace;
import dev.switchback.pg.Sql;
import dev.switchback.runbook.SharedTemplate;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What Patroni and the operator make of a changed {@code postgresql} object, as measured on real
 * ones.
 */
@Tag("boundaries")
class PatroniKubeTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static void patch(Lab lab, String json) {
        lab.kube()
                .client()
                .genericKubernetesResources("acid.zalan.do/v1", "postgresql")
                .inNamespace(MastodonCluster.NAMESPACE)
                .withName(MastodonCluster.SOURCE)
                .patch(PatchContext.of(PatchType.JSON_MERGE), json);
    }

    private static String status(Lab lab) {
        return lab.kube()
                .client()
                .genericKubernetesResources("acid.zalan.do/v1", "postgresql")
                .inNamespace(MastodonCluster.NAMESPACE)
                .withName(MastodonCluster.SOURCE)
                .get()
                .get("status", "PostgresClusterStatus");
    }

    private static JsonNode member(KubernetesClient client, int pod) throws Exception {
        return JSON.readTree(
                client.pods()
                        .inNamespace(MastodonCluster.NAMESPACE)
                        .withName(MastodonCluster.SOURCE + "-" + pod)
                        .get()
                        .getMetadata()
                        .getAnnotations()
                        .get("status"));
    }

    private static JsonNode config(Lab lab) throws Exception {
        return JSON.readTree(
                lab.kube()
                        .client()
                        .endpoints()
                        .inNamespace(MastodonCluster.NAMESPACE)
                        .withName(MastodonCluster.SOURCE + "-config")
                        .get()
                        .getMetadata()
                        .getAnnotations()
                        .get("config"));
    }

    private static void patchConfig(Lab lab, String json) throws Exception {
        JsonNode config = JSON.readerForUpdating(config(lab)).readValue(json);
        lab.kube()
                .client()
                .endpoints()
                .inNamespace(MastodonCluster.NAMESPACE)
                .withName(MastodonCluster.SOURCE + "-config")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        JSON.createObjectNode()
                                .set(
                                        "metadata",
                                        JSON.createObjectNode()
                                                .set(
                                                        "annotations",
                                                        JSON.createObjectNode()
                                                                .put("config", config.toString())))
                                .toString());
    }

    private static String show(PgServer server, String parameter) {
        try (Connection c = server.connect("postgres")) {
            return Sql.one(c, "SELECT current_setting(?)", parameter);
        } catch (SQLException | RuntimeException e) {
            return "does not answer";
        }
    }

    private static Set<String> slots(PgServer server) throws SQLException {
        try (Connection c = server.connect("postgres")) {
            return new TreeSet<>(
                    Sql.list(
                            c,
                            "SELECT slot_name FROM pg_replication_slots",
                            row -> row.getString(1)));
        }
    }

    private static boolean holds(PgServer server, String... names) throws SQLException {
        try {
            return slots(server).equals(Set.of(names));
        } catch (SwitchbackException e) {
            return false; // it is being restarted
        }
    }

    private static void slot(PgServer server, String name, String plugin) throws SQLException {
        try (Connection c = server.connect("mastodon")) {
            Sql.list(
                    c,
                    "SELECT slot_name FROM pg_create_logical_replication_slot(?, ?)",
                    row -> row.getString(1),
                    name,
                    plugin);
        }
    }

    private static Lab lab() throws SQLException {
        return Lab.start(SharedTemplate.get(), Pace.DEFAULT.withConnections(1));
    }

    private static void logical(Lab lab) throws Exception {
        patch(lab, "{\"spec\":{\"postgresql\":{\"parameters\":{\"wal_level\":\"logical\"}}}}");
        Await.until(
                "both members run with logical WAL",
                PATIENCE,
                () ->
                        show(lab.source(), "wal_level").equals("logical")
                                && show(lab.replica(), "wal_level").equals("logical")
                                && status(lab).equals("Running"));
    }

    @Test
    void aParameterThatNeedsARestartRestartsTheMembersOneAfterTheOther() throws Exception {
        try (Lab lab = lab()) {
            assertThat(show(lab.source(), "wal_level")).isEqualTo("replica");
            assertThat(show(lab.target(), "wal_level")).isEqualTo("logical");
            long leader = lab.source().incarnation();
            patch(lab, "{\"spec\":{\"postgresql\":{\"parameters\":{\"wal_level\":\"logical\"}}}}");
            Await.until("updating", PATIENCE, () -> status(lab).equals("Updating"));
            Await.until(
                    "the leader waits for its restart, the replica first",
                    PATIENCE,
                    () -> member(lab.kube().client(), 0).path("pending_restart").asBoolean());
            assertThat(lab.source().incarnation()).isEqualTo(leader);
            Await.until("running", PATIENCE, () -> status(lab).equals("Running"));
            assertThat(lab.source().incarnation()).isNotEqualTo(leader);
            for (PgServer server : List.of(lab.source(), lab.replica())) {
                assertThat(show(server, "wal_level")).isEqualTo("logical");
            }
            for (int pod = 0; pod < 2; pod++) {
                assertThat(member(lab.kube().client(), pod).has("pending_restart")).isFalse();
                assertThat(member(lab.kube().client(), pod).path("state").asText())
                        .isEqualTo("running");
            }
            assertThat(lab.applications().awaitServing(lab.pods(), PATIENCE)).isTrue();

            // what leaves the object stays configured; the old value has to be said
            patch(lab, "{\"spec\":{\"postgresql\":{\"parameters\":null}}}");
            TimeUnit.MILLISECONDS.sleep(600);
            assertThat(config(lab).at("/postgresql/parameters/wal_level").asText())
                    .isEqualTo("logical");
            patch(
                    lab,
                    "{\"spec\":{\"postgresql\":{\"parameters\":{\"wal_level\":\"hot_standby\"}}}}");
            Await.until(
                    "back",
                    PATIENCE,
                    () ->
                            show(lab.source(), "wal_level").equals("replica")
                                    && status(lab).equals("Running"));
        }
    }

    @Test
    void anUndeclaredSlotGoesAtTheNextRestartUnlessItIsIgnored() throws Exception {
        try (Lab lab = lab()) {
            logical(lab);
            slot(lab.source(), "unknown", "pgoutput");
            slot(lab.source(), "ignored", "test_decoding");
            TimeUnit.MILLISECONDS.sleep(1500);
            assertThat(slots(lab.source()))
                    .containsExactlyInAnyOrder("ignored", "mastodon_postgresql_1", "unknown");
            patchConfig(lab, "{\"ignore_slots\":[{\"plugin\":\"test_decoding\"}]}");
            lab.source().restart(Map.of());
            Await.until(
                    "the unknown slot is gone, the ignored one and the replica's stay",
                    PATIENCE,
                    () -> slots(lab.source()).equals(Set.of("ignored", "mastodon_postgresql_1")));
        }
    }

    @Test
    void aDeclaredSlotIsKeptCopiedToTheReplicaAndMovedOn() throws Exception {
        try (Lab lab = lab()) {
            logical(lab);
            slot(lab.source(), "moving", "pgoutput");
            patch(
                    lab,
                    """
                    {"spec":{"patroni":{"slots":{
                      "moving":{"type":"logical","database":"mastodon","plugin":"pgoutput"},
                      "made":{"type":"logical","database":"mastodon","plugin":"pgoutput"}}}}}
                    """);
            Await.until(
                    "both are on the replica",
                    PATIENCE,
                    () -> holds(lab.replica(), "moving", "made"));
            assertThat(config(lab).at("/slots/moving/plugin").asText()).isEqualTo("pgoutput");
            lab.source().restart(Map.of());
            try (Connection c = lab.source().connect("mastodon")) {
                Await.until(
                        "the leader keeps the rows that the replica's copies need",
                        PATIENCE,
                        () ->
                                Sql.one(
                                                c,
                                                """
                                                SELECT bool_and(m.catalog_xmin IS NOT NULL
                                                  AND age(m.catalog_xmin) <= age(l.catalog_xmin))
                                                FROM pg_replication_slots m, pg_replication_slots l
                                                WHERE m.slot_type = 'physical' AND l.slot_type = 'logical'
                                                """)
                                        .equals("t"));
                String to =
                        Sql.one(
                                c,
                                "SELECT end_lsn FROM pg_replication_slot_advance('moving', pg_current_wal_lsn())");
                Await.until(
                        "the copy follows",
                        PATIENCE,
                        () -> {
                            try (Connection r = lab.replica().connect("postgres")) {
                                return Sql.one(
                                                r,
                                                "SELECT confirmed_flush_lsn >= CAST(? AS pg_lsn) FROM pg_replication_slots WHERE slot_name = 'moving'",
                                                to)
                                        .equals("t");
                            }
                        });
            }
            patch(lab, "{\"spec\":{\"patroni\":{\"slots\":null}}}");
            Await.until(
                    "taken back, they go everywhere",
                    PATIENCE,
                    () -> holds(lab.source(), "mastodon_postgresql_1") && holds(lab.replica()));
        }
    }
}
