package dev.switchback.runbook;

import static dev.switchback.diagnose.Symptom.BACKUP;
import static dev.switchback.diagnose.Symptom.CONNECT;
import static dev.switchback.diagnose.Symptom.DATA;
import static dev.switchback.diagnose.Symptom.PERFORMANCE;
import static dev.switchback.diagnose.Symptom.RESTORE;

import dev.switchback.lab.kube.MastodonCluster;
import dev.switchback.lab.pg.PgServer;
import dev.switchback.pg.Sql;
import dev.switchback.runbook.Plant.Act;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** The faults of {@link DiagnoseKubeTest}, by where the migration stands. */
final class Plants {
    private static final String NAMESPACE = MastodonCluster.NAMESPACE;
    private static final String POOLER = "database-pooler-rw";
    private static final String SOURCE_CA = MastodonCluster.SOURCE + "-ca";
    private static final String SUPERUSER =
            "postgres." + MastodonCluster.SOURCE + ".credentials.postgresql.acid.zalan.do";

    private Plants() {}

    /** Nothing was begun yet. */
    static List<Plant> before() {
        return List.of(
                onCluster(
                        "acid.zalan.do/v1",
                        "postgresql",
                        MastodonCluster.SOURCE,
                        BACKUP,
                        "source-not-running",
                        o ->
                                o.setAdditionalProperty(
                                        "status", Map.of("PostgresClusterStatus", "UpdateFailed")),
                        true),
                inSecret(BACKUP, "source-secret", SUPERUSER, "password", rig -> "not-the-password"),
                held(
                        BACKUP,
                        "source-table-locked",
                        rig -> rig.lab.source(),
                        "LOCK TABLE relays IN ACCESS EXCLUSIVE MODE"),
                new Plant(
                        BACKUP,
                        "source-unreachable",
                        rig -> rig.lab.source().stop(),
                        rig -> {
                            rig.lab.source().restart();
                            rig.lab
                                    .applications()
                                    .awaitServing(rig.lab.pods(), Duration.ofSeconds(40));
                        }),
                onCluster(
                        "postgresql.cnpg.io/v1",
                        "Cluster",
                        MastodonCluster.TARGET,
                        RESTORE,
                        "target-fenced",
                        o ->
                                o.getMetadata()
                                        .setAnnotations(
                                                Map.of(
                                                        "cnpg.io/fencedInstances",
                                                        "[\"database-1\"]")),
                        false),
                new Plant(
                        RESTORE,
                        "volume-pending",
                        rig -> volume(rig, "Pending"),
                        rig -> volume(rig, "Bound")),
                sql(
                        RESTORE,
                        "target-not-empty",
                        rig -> rig.lab.target(),
                        List.of("CREATE TABLE left_over (n int)"),
                        List.of("DROP TABLE left_over")),
                sql(
                        RESTORE,
                        "extension-missing",
                        rig -> rig.lab.source(),
                        List.of(
                                "CREATE EXTENSION pg_trgm SCHEMA public",
                                "UPDATE pg_extension SET extname = 'postgis' WHERE extname = 'pg_trgm'"),
                        List.of(
                                "UPDATE pg_extension SET extname = 'pg_trgm' WHERE extname = 'postgis'",
                                "DROP EXTENSION pg_trgm")),
                sql(
                        RESTORE,
                        "duplicate-rows",
                        rig -> rig.lab.source(),
                        List.of(
                                "UPDATE pg_index SET indisready = false WHERE indexrelid = 'domain_blocks_domain_key'::regclass",
                                "INSERT INTO domain_blocks (domain) VALUES ('spam.example'), ('spam.example')",
                                "UPDATE pg_index SET indisready = true WHERE indexrelid = 'domain_blocks_domain_key'::regclass"),
                        List.of(
                                "SET enable_indexscan = off",
                                "SET enable_bitmapscan = off",
                                "DELETE FROM domain_blocks WHERE domain = 'spam.example'",
                                "REINDEX INDEX domain_blocks_domain_key")));
    }

    /** The target serves. */
    static List<Plant> after() {
        AtomicReference<String> kept = new AtomicReference<>("");
        AtomicReference<Service> service = new AtomicReference<>();
        return List.of(
                inConfigMap(
                        CONNECT,
                        "endpoint-names-source",
                        "DB_HOST",
                        MastodonCluster.SOURCE + "-pooler"),
                new Plant(
                        CONNECT,
                        "reference-missing",
                        rig -> {
                            var map =
                                    client(rig)
                                            .configMaps()
                                            .inNamespace(NAMESPACE)
                                            .withName("mastodon-database");
                            kept.set(map.get().getData().getOrDefault("DB_USER", ""));
                            map.edit(m -> {
                                m.getData().remove("DB_USER");
                                return m;
                            });
                        },
                        rig ->
                                client(rig)
                                        .configMaps()
                                        .inNamespace(NAMESPACE)
                                        .withName("mastodon-database")
                                        .edit(m -> {
                                            m.getData().put("DB_USER", kept.get());
                                            return m;
                                        })),
                onCluster(
                        "postgresql.cnpg.io/v1",
                        "Pooler",
                        POOLER,
                        CONNECT,
                        "pooler-paused",
                        o ->
                                o.setAdditionalProperty(
                                        "spec",
                                        Map.of(
                                                "cluster",
                                                Map.of("name", MastodonCluster.TARGET),
                                                "instances",
                                                1,
                                                "type",
                                                "rw",
                                                "pgbouncer",
                                                Map.of("poolMode", "transaction", "paused", true))),
                        false),
                new Plant(
                        CONNECT,
                        "service-missing",
                        rig -> {
                            var found =
                                    client(rig).services().inNamespace(NAMESPACE).withName(POOLER);
                            service.set(found.get());
                            found.delete();
                        },
                        rig ->
                                client(rig)
                                        .resource(
                                                new ServiceBuilder(service.get())
                                                        .editMetadata()
                                                        .withResourceVersion(null)
                                                        .withUid(null)
                                                        .endMetadata()
                                                        .build())
                                        .create()),
                inSecret(
                        CONNECT,
                        "ca-differs",
                        SOURCE_CA,
                        "ca.crt",
                        rig -> rig.lab.source().caPem()),
                new Plant(
                        CONNECT,
                        "certificate-expired",
                        rig -> rig.lab.target().certificateUntil(Instant.now().minusSeconds(60)),
                        rig ->
                                rig.lab
                                        .target()
                                        .certificateUntil(
                                                Instant.now().plus(Duration.ofDays(300)))),
                sql(
                        CONNECT,
                        "role-closed",
                        rig -> rig.lab.target(),
                        List.of("ALTER ROLE mastodon NOLOGIN"),
                        List.of("ALTER ROLE mastodon LOGIN")),
                sql(
                        CONNECT,
                        "connections-full",
                        rig -> rig.lab.target(),
                        List.of("ALTER ROLE mastodon CONNECTION LIMIT 1"),
                        List.of("ALTER ROLE mastodon CONNECTION LIMIT -1")),
                new Plant(
                        CONNECT,
                        "wrong-password",
                        rig -> {
                            try (Connection target = rig.lab.target().connect("postgres")) {
                                kept.set(
                                        Sql.one(
                                                target,
                                                "SELECT rolpassword FROM pg_authid WHERE rolname = 'mastodon'"));
                                Sql.run(target, "ALTER ROLE mastodon PASSWORD 'something-else'");
                            }
                        },
                        rig -> {
                            try (Connection target = rig.lab.target().connect("postgres")) {
                                Sql.run(
                                        target,
                                        "ALTER ROLE mastodon PASSWORD " + Sql.literal(kept.get()));
                            }
                        }),
                new Plant(
                        CONNECT,
                        "hba-refuses",
                        rig -> hba(rig, text -> "hostssl mastodon mastodon all reject\n" + text),
                        rig ->
                                hba(
                                        rig,
                                        text ->
                                                text.replace(
                                                        "hostssl mastodon mastodon all reject\n",
                                                        ""))),
                new Plant(
                        CONNECT,
                        "network-policy",
                        rig -> client(rig).resource(closedNetwork()).create(),
                        rig -> client(rig).resource(closedNetwork()).delete()),
                new Plant(
                        CONNECT,
                        "pods-older-than-switch",
                        rig -> started(rig, kept, "2026-01-01T00:00:00Z"),
                        rig -> started(rig, kept, Instant.now().toString())),
                new Plant(
                        CONNECT,
                        "target-down",
                        rig -> rig.lab.target().stop(),
                        rig -> {
                            rig.lab.target().restart();
                            rig.lab
                                    .applications()
                                    .awaitServing(rig.lab.pods(), Duration.ofSeconds(40));
                        }),
                sql(
                        DATA,
                        "sequence-behind",
                        rig -> rig.lab.target(),
                        List.of("SELECT setval('users_id_seq', 1)"),
                        List.of(
                                "SELECT setval('users_id_seq', (SELECT max(id) + 1000 FROM users))")),
                sql(
                        DATA,
                        "rows-missing",
                        rig -> rig.lab.target(),
                        List.of(
                                "CREATE TABLE kept_settings AS TABLE settings",
                                "TRUNCATE settings"),
                        List.of(
                                "INSERT INTO settings TABLE kept_settings",
                                "DROP TABLE kept_settings")),
                sql(
                        DATA,
                        "reference-orphans",
                        rig -> rig.lab.target(),
                        List.of(
                                "CREATE TABLE kept_accounts AS SELECT * FROM accounts WHERE id IN (SELECT account_id FROM users ORDER BY id LIMIT 1)",
                                "SET session_replication_role = replica",
                                "DELETE FROM accounts WHERE id IN (SELECT id FROM kept_accounts)"),
                        List.of(
                                "SET session_replication_role = replica",
                                "INSERT INTO accounts SELECT * FROM kept_accounts",
                                "DROP TABLE kept_accounts")),
                sql(
                        DATA,
                        "materialized-view-empty",
                        rig -> rig.lab.target(),
                        List.of("REFRESH MATERIALIZED VIEW instances WITH NO DATA"),
                        List.of("REFRESH MATERIALIZED VIEW instances")),
                sql(
                        DATA,
                        "collation-changed",
                        rig -> rig.lab.target(),
                        List.of(
                                "CREATE TABLE sorted (word text COLLATE \"en-x-icu\" PRIMARY KEY)",
                                "UPDATE pg_collation SET collversion = '0.1' WHERE collname = 'en-x-icu'"),
                        List.of(
                                "ALTER COLLATION \"en-x-icu\" REFRESH VERSION",
                                "DROP TABLE sorted")),
                sql(
                        DATA,
                        "fence-open",
                        rig -> rig.lab.source(),
                        List.of(
                                "SET default_transaction_read_only = off",
                                "ALTER EVENT TRIGGER switchback_fence_ddl DISABLE"),
                        List.of(
                                "SET default_transaction_read_only = off",
                                "ALTER EVENT TRIGGER switchback_fence_ddl ENABLE ALWAYS")),
                held(
                        PERFORMANCE,
                        "blocking-session",
                        rig -> rig.lab.target(),
                        "LOCK TABLE accounts IN EXCLUSIVE MODE"),
                sql(
                        PERFORMANCE,
                        "index-missing",
                        rig -> rig.lab.target(),
                        List.of("DROP INDEX follows_on_target"),
                        List.of()),
                sql(
                        PERFORMANCE,
                        "never-analyzed",
                        rig -> rig.lab.target(),
                        List.of(
                                "CREATE TABLE unread AS SELECT n, repeat('x', 100) AS word FROM generate_series(1, 5000) n"),
                        List.of("DROP TABLE unread")),
                new Plant(
                        PERFORMANCE,
                        "settings-smaller",
                        rig -> rig.lab.source().configure(Map.of("work_mem", "64MB")),
                        rig -> rig.lab.source().configure(Map.of("work_mem", "4MB"))),
                new Plant(
                        PERFORMANCE,
                        "checkpoint-storm",
                        rig -> {
                            try (Connection target = rig.lab.target().connect("postgres")) {
                                for (int i = 0; i < 15; i++) {
                                    Sql.run(target, "SELECT pg_current_xact_id()");
                                    Sql.run(target, "CHECKPOINT");
                                }
                            }
                        },
                        rig -> {
                            try (Connection target = rig.lab.target().connect("postgres")) {
                                Sql.run(
                                        target,
                                        "SELECT pg_stat_reset_shared('"
                                                + (rig.lab.target().major() >= 17
                                                        ? "checkpointer"
                                                        : "bgwriter")
                                                + "')");
                            }
                        }),
                onCluster(
                        "postgresql.cnpg.io/v1",
                        "Cluster",
                        MastodonCluster.TARGET,
                        PERFORMANCE,
                        "resources-lower",
                        o -> limits(o, "500m", "512Mi"),
                        false));
    }

    /** What cannot be taken out again. */
    static List<Plant> last() {
        return List.of(
                logged(
                        PERFORMANCE,
                        "pool-exhausted",
                        "ActiveRecord::ConnectionTimeoutError: could not obtain a connection from the pool within 5.000 seconds"),
                new Plant(DATA, "late-writer", Plants::writeBehindTheFence, rig -> {}));
    }

    private static void writeBehindTheFence(Rig rig) throws Exception {
        run(
                rig.lab.source(),
                List.of(
                        "SET default_transaction_read_only = off",
                        "ALTER EVENT TRIGGER switchback_fence_ddl DISABLE",
                        "ALTER TABLE domain_blocks DISABLE TRIGGER switchback_fence",
                        "INSERT INTO domain_blocks (domain) VALUES ('late.example')",
                        "ALTER TABLE domain_blocks ENABLE ALWAYS TRIGGER switchback_fence",
                        "ALTER EVENT TRIGGER switchback_fence_ddl ENABLE ALWAYS"));
    }

    private static KubernetesClient client(Rig rig) {
        return rig.lab.kube().client();
    }

    private static void run(PgServer server, List<String> statements) throws Exception {
        try (Connection connection = server.connect("mastodon")) {
            for (String statement : statements) {
                Sql.run(connection, statement);
            }
        }
    }

    private static Plant sql(
            dev.switchback.diagnose.Symptom symptom,
            String cause,
            Function<Rig, PgServer> server,
            List<String> plant,
            List<String> unplant) {
        AtomicReference<String> index = new AtomicReference<>("");
        return new Plant(
                symptom,
                cause,
                rig -> {
                    if (plant.getFirst().startsWith("DROP INDEX")) {
                        try (Connection c = server.apply(rig).connect("mastodon")) {
                            index.set(
                                    Sql.one(
                                            c,
                                            "SELECT pg_get_indexdef('follows_on_target'::regclass)"));
                        }
                    }
                    run(server.apply(rig), plant);
                },
                rig ->
                        run(
                                server.apply(rig),
                                index.get().isEmpty() ? unplant : List.of(index.get())));
    }

    /** A transaction that stays open; a second session waits for it where rows are written. */
    private static Plant held(
            dev.switchback.diagnose.Symptom symptom,
            String cause,
            Function<Rig, PgServer> server,
            String lock) {
        AtomicReference<Connection> holder = new AtomicReference<>();
        return new Plant(
                symptom,
                cause,
                rig -> {
                    Connection connection = server.apply(rig).connect("mastodon");
                    connection.setAutoCommit(false);
                    Sql.run(connection, lock);
                    holder.set(connection);
                    if (symptom == PERFORMANCE) {
                        awaitWaiting(server.apply(rig));
                    }
                },
                rig -> holder.get().close());
    }

    private static void awaitWaiting(PgServer server) throws Exception {
        try (Connection watcher = server.connect("mastodon")) {
            dev.switchback.lab.Await.until(
                    "an application waits for the lock",
                    Duration.ofSeconds(30),
                    () ->
                            !Sql.one(
                                            watcher,
                                            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
                                    .equals("0"));
        }
    }

    private static Plant onCluster(
            String api,
            String kind,
            String name,
            dev.switchback.diagnose.Symptom symptom,
            String cause,
            java.util.function.Consumer<GenericKubernetesResource> change,
            boolean status) {
        AtomicReference<GenericKubernetesResource> before = new AtomicReference<>();
        return new Plant(
                symptom,
                cause,
                rig -> {
                    var object = resource(rig, api, kind, name);
                    before.set(object.get());
                    GenericKubernetesResource changed = object.get();
                    change.accept(changed);
                    if (status) {
                        rig.lab.controllers().zalandoStatus(name, "UpdateFailed");
                        dev.switchback.lab.Await.until(
                                "the operator says so",
                                Duration.ofSeconds(10),
                                () ->
                                        object.get()
                                                .get("status", "PostgresClusterStatus")
                                                .equals("UpdateFailed"));
                    } else {
                        object.edit(now -> {
                            now.getMetadata()
                                    .setAnnotations(changed.getMetadata().getAnnotations());
                            now.setAdditionalProperty("spec", changed.get("spec"));
                            return now;
                        });
                    }
                },
                rig -> {
                    var object = resource(rig, api, kind, name);
                    if (status) {
                        rig.lab.controllers().zalandoStatus(name, "Running");
                        dev.switchback.lab.Await.until(
                                "the operator says so",
                                Duration.ofSeconds(10),
                                () ->
                                        object.get()
                                                .get("status", "PostgresClusterStatus")
                                                .equals("Running"));
                    } else {
                        object.edit(now -> {
                            now.getMetadata()
                                    .setAnnotations(before.get().getMetadata().getAnnotations());
                            now.setAdditionalProperty("spec", before.get().get("spec"));
                            return now;
                        });
                    }
                });
    }

    private static io.fabric8.kubernetes.client.dsl.Resource<GenericKubernetesResource> resource(
            Rig rig, String api, String kind, String name) {
        return client(rig)
                .genericKubernetesResources(api, kind)
                .inNamespace(NAMESPACE)
                .withName(name);
    }

    private static void limits(GenericKubernetesResource cluster, String cpu, String memory) {
        Map<String, Object> spec = new LinkedHashMap<>(cluster.<Map<String, Object>>get("spec"));
        spec.put("resources", Map.of("limits", Map.of("cpu", cpu, "memory", memory)));
        cluster.setAdditionalProperty("spec", spec);
    }

    /** What the source may use, so that less can be told. */
    static void limitSource(Rig rig) {
        resource(rig, "acid.zalan.do/v1", "postgresql", MastodonCluster.SOURCE)
                .edit(object -> {
                    limits(object, "4", "8Gi");
                    return object;
                });
    }

    private static Plant inSecret(
            dev.switchback.diagnose.Symptom symptom,
            String cause,
            String name,
            String key,
            Function<Rig, String> value) {
        AtomicReference<String> before = new AtomicReference<>("");
        return new Plant(
                symptom,
                cause,
                rig -> {
                    before.set(
                            client(rig)
                                    .secrets()
                                    .inNamespace(NAMESPACE)
                                    .withName(name)
                                    .get()
                                    .getData()
                                    .getOrDefault(key, ""));
                    put(
                            rig,
                            name,
                            key,
                            Base64.getEncoder()
                                    .encodeToString(
                                            value.apply(rig).getBytes(StandardCharsets.UTF_8)));
                },
                rig -> put(rig, name, key, before.get()));
    }

    private static void put(Rig rig, String name, String key, String encoded) {
        client(rig)
                .secrets()
                .inNamespace(NAMESPACE)
                .withName(name)
                .edit(secret -> {
                    secret.getData().put(key, encoded);
                    return secret;
                });
    }

    private static Plant inConfigMap(
            dev.switchback.diagnose.Symptom symptom, String cause, String key, String value) {
        AtomicReference<String> before = new AtomicReference<>("");
        Function<String, Act> set =
                text ->
                        rig ->
                                client(rig)
                                        .configMaps()
                                        .inNamespace(NAMESPACE)
                                        .withName("mastodon-database")
                                        .edit(map -> {
                                            map.getData().put(key, text);
                                            return map;
                                        });
        return new Plant(
                symptom,
                cause,
                rig -> {
                    before.set(
                            client(rig)
                                    .configMaps()
                                    .inNamespace(NAMESPACE)
                                    .withName("mastodon-database")
                                    .get()
                                    .getData()
                                    .getOrDefault(key, ""));
                    set.apply(value).in(rig);
                },
                rig -> set.apply(before.get()).in(rig));
    }

    private static void volume(Rig rig, String phase) {
        var volume =
                client(rig)
                        .persistentVolumeClaims()
                        .inNamespace(NAMESPACE)
                        .withName(MastodonCluster.TARGET + "-1");
        PersistentVolumeClaim claim = volume.get();
        claim.getStatus().setPhase(phase);
        client(rig).resource(claim).updateStatus();
    }

    private static void hba(Rig rig, UnaryOperator<String> change) throws Exception {
        Path file = rig.lab.target().dataDirectory().resolve("pg_hba.conf");
        Files.writeString(file, change.apply(Files.readString(file)));
        run(rig.lab.target(), List.of("SELECT pg_reload_conf()"));
        // a new session is admitted by what the postmaster has read by then
        Thread.sleep(300);
    }

    private static io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy closedNetwork() {
        return new NetworkPolicyBuilder()
                .withNewMetadata()
                .withNamespace(NAMESPACE)
                .withName("database-closed")
                .endMetadata()
                .withNewSpec()
                .withNewPodSelector()
                .addToMatchLabels("cnpg.io/cluster", MastodonCluster.TARGET)
                .endPodSelector()
                .withPolicyTypes("Ingress")
                .endSpec()
                .build();
    }

    private static void started(Rig rig, AtomicReference<String> which, String time) {
        var pods = client(rig).pods().inNamespace(NAMESPACE);
        Pod pod = pods.withLabel("app", "mastodon-streaming").list().getItems().getFirst();
        which.set(pod.getMetadata().getName());
        pod.getStatus().setStartTime(time);
        pods.resource(pod).updateStatus();
    }

    private static Plant logged(
            dev.switchback.diagnose.Symptom symptom, String cause, String line) {
        return new Plant(
                symptom,
                cause,
                rig -> {
                    Pod pod =
                            client(rig)
                                    .pods()
                                    .inNamespace(NAMESPACE)
                                    .withLabel("app", "mastodon-web")
                                    .list()
                                    .getItems()
                                    .getFirst();
                    rig.lab.kube().log(NAMESPACE, pod.getMetadata().getName(), Instant.now(), line);
                },
                rig -> {});
    }
}
