package dev.switchback.cli;

import dev.switchback.engine.JournalState;
import dev.switchback.fault.Code;
import dev.switchback.kube.Kube;
import dev.switchback.lab.Await;
import dev.switchback.lab.kube.MastodonCluster;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Secret;
import dev.switchback.pg.Sql;
import dev.switchback.store.cluster.ClusterJournal;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What can be wrong before a migration, each with what a person is told. */
final class BadInputRows {
    private BadInputRows() {}

    /** Arranges what is wrong; what it returns takes that back. */
    interface Arrange {
        Undo on(Bench bench) throws Exception;
    }

    interface Undo {
        void run() throws Exception;
    }

    /**
     * @param object part of the error line that names what is wrong
     * @param errors how many things are wrong
     */
    record Row(String situation, int exit, Code code, String object, int errors, Arrange arrange) {
        @Override
        public String toString() {
            return situation;
        }
    }

    static Row row(String situation, int exit, Code code, String object, Arrange arrange) {
        return new Row(situation, exit, code, object, 1, arrange);
    }

    private static Row document(
            String situation, int exit, Code code, String object, String old, String fresh) {
        return row(
                situation,
                exit,
                code,
                object,
                b -> {
                    b.edit(old, fresh);
                    return () -> {};
                });
    }

    static Stream<Row> documents() {
        return Stream.of(
                document("unknown field", 2, Code.DOCUMENT_INVALID, "spec.jobz", "jobs:", "jobz:"),
                document(
                        "wrong type",
                        2,
                        Code.DOCUMENT_INVALID,
                        "spec.databases",
                        "[mastodon]",
                        "{a: b}"),
                document(
                        "duplicate key",
                        2,
                        Code.DOCUMENT_INVALID,
                        "migration.yaml:",
                        "  jobs: 2",
                        "  jobs: 2\n  jobs: 3"),
                document(
                        "not YAML",
                        2,
                        Code.DOCUMENT_INVALID,
                        "migration.yaml:",
                        "writers:",
                        "writers: ]["),
                row(
                        "empty document",
                        2,
                        Code.DOCUMENT_INVALID,
                        "migration.yaml",
                        b -> {
                            b.document = "";
                            return () -> {};
                        }),
                document(
                        "physical strategy",
                        2,
                        Code.NOT_SUPPORTED_YET,
                        "spec.strategy",
                        "strategy: offline",
                        "strategy: physical"),
                document(
                        "backup without a destination",
                        2,
                        Code.DOCUMENT_INVALID,
                        "spec.backup.to",
                        "  jobs: 2",
                        "  jobs: 2\n  backup: {mode: dump}"));
    }

    static Stream<Row> worlds() {
        return Stream.of(
                document(
                        "no such source cluster",
                        7,
                        Code.KUBE_NOT_FOUND,
                        "mastodon/elsewhere",
                        "zalando: {cluster: mastodon-postgresql}",
                        "zalando: {cluster: elsewhere}"),
                document(
                        "no such target cluster",
                        7,
                        Code.KUBE_NOT_FOUND,
                        "mastodon/elsewhere",
                        "cnpg: {cluster: database}",
                        "cnpg: {cluster: elsewhere}"),
                document(
                        "a namespace that is not ours",
                        3,
                        Code.KUBE_FORBIDDEN,
                        "elsewhere",
                        "namespace: mastodon}",
                        "namespace: elsewhere}"),
                document(
                        "no such database",
                        7,
                        Code.DATABASE_MISSING,
                        "elsewhere",
                        "databases: [mastodon]",
                        "databases: [elsewhere]"),
                document(
                        "no such writer",
                        7,
                        Code.KUBE_NOT_FOUND,
                        "mastodon/mastodon-cron",
                        "- deployment/mastodon-web",
                        "- deployment/mastodon-cron"),
                document(
                        "endpoint key missing",
                        3,
                        Code.ENDPOINT_MISSING,
                        "mastodon/mastodon-database",
                        "- configMap: mastodon-database",
                        "- {configMap: mastodon-database, keys: [PGHOST]}"),
                document(
                        "endpoint ConfigMap missing",
                        3,
                        Code.ENDPOINT_MISSING,
                        "mastodon/mastodon-env",
                        "- configMap: mastodon-database",
                        "- configMap: mastodon-env"),
                document(
                        "Service to switch to missing",
                        3,
                        Code.ENDPOINT_MISSING,
                        "mastodon/database-pooler",
                        "mastodon-postgresql: database-rw",
                        "mastodon-postgresql: database-pooler"),
                document(
                        "CA Secret missing",
                        3,
                        Code.ENDPOINT_MISSING,
                        "mastodon/other-ca",
                        "with: database-ca",
                        "with: other-ca"),
                row(
                        "no right to scale a writer",
                        3,
                        Code.KUBE_FORBIDDEN,
                        "deployments/scale",
                        b -> {
                            b.weaken(
                                    "[deployments/scale, statefulsets/scale]",
                                    "[statefulsets/scale]");
                            return () -> {};
                        }),
                row(
                        "no right to read Secrets",
                        3,
                        Code.KUBE_FORBIDDEN,
                        "Secret",
                        b -> {
                            b.weaken("resources: [secrets]", "resources: [podtemplates]");
                            return () -> {};
                        }),
                row(
                        "journal of another migration",
                        3,
                        Code.JOURNAL_OTHER,
                        "switchback-mastodon",
                        BadInputRows::journalOfAnother));
    }

    static Stream<Row> clusters() {
        return Stream.of(
                row(
                        "source is a standby cluster",
                        3,
                        Code.PG_STANDBY,
                        "mastodon/mastodon-postgresql",
                        b -> {
                            var source =
                                    b.custom(
                                            "acid.zalan.do/v1",
                                            "postgresql",
                                            MastodonCluster.SOURCE);
                            source.edit(o -> spec(o, "standby", Map.of("standby_host", "x")));
                            return () -> source.edit(o -> spec(o, "standby", null));
                        }),
                row(
                        "source not Running",
                        3,
                        Code.CLUSTER_UNHEALTHY,
                        "mastodon/mastodon-postgresql",
                        b -> {
                            b.lab.controllers()
                                    .zalandoStatus(MastodonCluster.SOURCE, "UpdateFailed");
                            awaitSource(b, "UpdateFailed");
                            return () -> {
                                b.lab.controllers()
                                        .zalandoStatus(MastodonCluster.SOURCE, "Running");
                                awaitSource(b, "Running");
                            };
                        }),
                new Row(
                        "target not healthy", // and not ready: two things the object says
                        3,
                        Code.CLUSTER_UNHEALTHY,
                        "mastodon/database",
                        2,
                        b -> {
                            phase(b, "Failing over");
                            return () -> phase(b, "Cluster in healthy state");
                        }),
                row(
                        "wrong password in the source's Secret",
                        3,
                        Code.PG_LOGIN_REFUSED,
                        "postgres@mastodon-postgresql",
                        b -> {
                            String right = superuserPassword(b, "d3Jvbmc=");
                            return () -> superuserPassword(b, right);
                        }));
    }

    static Stream<Row> servers() {
        return Stream.of(
                row(
                        "target with foreign data",
                        3,
                        Code.TARGET_NOT_EMPTY,
                        "mastodon/database/mastodon",
                        b -> {
                            b.onTarget("mastodon", "CREATE TABLE theirs (id int)");
                            return () -> b.onTarget("mastodon", "DROP TABLE theirs");
                        }),
                row(
                        "prepared transaction open on the source",
                        3,
                        Code.PREPARED_TRANSACTIONS,
                        "mastodon/mastodon-postgresql",
                        b -> {
                            b.onSource("mastodon", "BEGIN", "PREPARE TRANSACTION 'forgotten'");
                            return () -> b.onSource("mastodon", "ROLLBACK PREPARED 'forgotten'");
                        }),
                row(
                        "extension missing on the target",
                        3,
                        Code.EXTENSION_MISSING,
                        "uses extension 'ours_alone'",
                        b -> {
                            b.onSource(
                                    "mastodon",
                                    "INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)"
                                            + " VALUES (999999, 'ours_alone', 10, 2200, false, '1.0')");
                            return () ->
                                    b.onSource(
                                            "mastodon",
                                            "DELETE FROM pg_extension WHERE oid = 999999");
                        }),
                row(
                        "md5 verifier",
                        3,
                        Code.ROLE_NOT_PORTABLE,
                        "veteran",
                        b -> {
                            b.onSource(
                                    "postgres",
                                    "SET log_statement = 'none'",
                                    "CREATE ROLE veteran LOGIN PASSWORD 'md5"
                                            + "0123456789abcdef0123456789abcdef'",
                                    "GRANT CONNECT ON DATABASE mastodon TO veteran");
                            return () ->
                                    b.onSource(
                                            "mastodon",
                                            "DROP OWNED BY veteran",
                                            "DROP ROLE veteran");
                        }),
                new Row(
                        "the operator's superuser is none", // and the one who mends it is seen
                        3,
                        Code.PG_PRIVILEGE,
                        "mastodon/mastodon-postgresql",
                        2,
                        b -> {
                            String login = "CREATE ROLE rescuer SUPERUSER LOGIN PASSWORD 'rescue'";
                            b.onSource("postgres", "SET log_statement = 'none'", login);
                            asRescuer(b, "ALTER ROLE postgres NOSUPERUSER");
                            return () -> {
                                asRescuer(b, "ALTER ROLE postgres SUPERUSER");
                                b.onSource("postgres", "DROP ROLE rescuer");
                            };
                        }));
    }

    private static Undo journalOfAnother(Bench bench) throws Exception {
        try (Kube kube = Kube.connect(Optional.of(bench.kubeconfig), Optional.empty())) {
            JournalState other =
                    new JournalState(
                            JournalState.API_VERSION,
                            "mastodon/mastodon: mastodon/mastodon-postgresql -> mastodon/other",
                            "a1b2c3",
                            "offline",
                            1,
                            null,
                            1,
                            JournalState.Status.RELEASED,
                            List.of(),
                            null,
                            List.of());
            new ClusterJournal(kube, MastodonCluster.NAMESPACE, "mastodon").swap("", other);
        }
        return () ->
                bench.admin()
                        .configMaps()
                        .inNamespace(MastodonCluster.NAMESPACE)
                        .withName("switchback-mastodon")
                        .delete();
    }

    private static GenericKubernetesResource spec(
            GenericKubernetesResource object, String field, @Nullable Object value) {
        Map<String, Object> spec = new LinkedHashMap<>();
        if (object.get("spec") instanceof Map<?, ?> old) {
            old.forEach((key, v) -> spec.put(String.valueOf(key), v));
        }
        if (value == null) {
            spec.remove(field);
        } else {
            spec.put(field, value);
        }
        object.setAdditionalProperty("spec", spec);
        return object;
    }

    private static void awaitSource(Bench bench, String status) throws Exception {
        var source = bench.custom("acid.zalan.do/v1", "postgresql", MastodonCluster.SOURCE);
        Await.until(
                "the source is " + status,
                Duration.ofSeconds(10),
                () -> status.equals(source.get().get("status", "PostgresClusterStatus")));
    }

    private static void phase(Bench bench, String phase) throws Exception {
        bench.lab.controllers().cnpgPhase(MastodonCluster.TARGET, phase);
        var target = bench.custom("postgresql.cnpg.io/v1", "Cluster", MastodonCluster.TARGET);
        Await.until(
                "the target is " + phase,
                Duration.ofSeconds(10),
                () -> phase.equals(target.get().get("status", "phase")));
    }

    /** Replaces the encoded password of the source's superuser and returns the old one. */
    private static String superuserPassword(Bench bench, String encoded) {
        var secret =
                bench.admin()
                        .secrets()
                        .inNamespace(MastodonCluster.NAMESPACE)
                        .withName(
                                "postgres.mastodon-postgresql.credentials.postgresql.acid.zalan.do");
        String old = secret.get().getData().getOrDefault("password", "");
        secret.edit(s -> {
            s.getData().put("password", encoded);
            return s;
        });
        return old;
    }

    static void asRescuer(Bench bench, String sql) throws Exception {
        var spec =
                bench.lab.source().superuser("postgres").withLogin("rescuer", Secret.of("rescue"));
        try (var connection = Pg.open(spec)) {
            Sql.run(connection, sql);
        }
    }
}
