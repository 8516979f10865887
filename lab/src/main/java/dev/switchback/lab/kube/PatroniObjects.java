package dev.switchback.lab.kube;

import static dev.switchback.lab.kube.MastodonCluster.NAMESPACE;
import static dev.switchback.lab.kube.MastodonCluster.SOURCE;

import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.EndpointsBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Patroni's state as it keeps it with Endpoints as its store: annotations, all of them text. */
final class PatroniObjects {
    private static final String LEADER = SOURCE + "-0";

    /** Spilo's bootstrap configuration, in part; the servers of the lab run by it. */
    static final String CONFIG =
            "{\"ttl\":30,\"loop_wait\":10,\"retry_timeout\":10,\"maximum_lag_on_failover\":33554432,"
                    + "\"postgresql\":{\"use_pg_rewind\":true,\"use_slots\":true,\"parameters\":{"
                    + "\"wal_level\":\"hot_standby\",\"max_wal_senders\":10,"
                    + "\"max_replication_slots\":10,\"wal_log_hints\":\"on\"}}}";

    private PatroniObjects() {}

    static List<HasMetadata> of(Map<String, String> labels, String address) {
        Map<String, String> leader = new LinkedHashMap<>();
        leader.put("leader", LEADER);
        leader.put("ttl", "30");
        leader.put("acquireTime", time(Instant.now().minus(1, ChronoUnit.DAYS)));
        leader.put("renewTime", time(Instant.now()));
        leader.put("transitions", "3");
        leader.put("optime", "50331648");
        Map<String, String> config = new LinkedHashMap<>();
        config.put("config", CONFIG);
        config.put("history", "[]");
        config.put("initialize", "7300000000000000000");
        return List.of(
                endpoints(SOURCE, labels, leader, address),
                endpoints(SOURCE + "-config", labels, config, ""));
    }

    static String time(Instant at) {
        return at.truncatedTo(ChronoUnit.MICROS).toString().replace("Z", "+00:00");
    }

    /** The annotation {@code status} of a pod. */
    static String member(String name, boolean primary) {
        return "{\"conn_url\":\"postgres://10.0.0.1:5432/postgres\",\"api_url\":\"http://10.0.0.1:8008/patroni\","
                + "\"state\":\"running\",\"role\":\""
                + (primary ? "master" : "replica")
                + "\",\"version\":\"4.0.4\",\"xlog_location\":50331648,"
                + (primary ? "" : "\"replication_state\":\"streaming\",")
                + "\"timeline\":4}";
    }

    private static Endpoints endpoints(
            String name, Map<String, String> labels, Map<String, String> annotations, String ip) {
        EndpointsBuilder endpoints =
                new EndpointsBuilder()
                        .withNewMetadata()
                        .withNamespace(NAMESPACE)
                        .withName(name)
                        .withLabels(labels)
                        .withAnnotations(annotations)
                        .endMetadata();
        if (!ip.isEmpty()) {
            endpoints
                    .addNewSubset()
                    .addNewAddress()
                    .withIp(ip)
                    .withHostname(LEADER)
                    .endAddress()
                    .addNewPort()
                    .withName("postgresql")
                    .withPort(5432)
                    .endPort()
                    .endSubset();
        }
        return endpoints.build();
    }
}
