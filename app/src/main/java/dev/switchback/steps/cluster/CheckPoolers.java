package dev.switchback.steps.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.kube.Kind;
import dev.switchback.kube.KubeObject;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Secret;
import dev.switchback.pg.Sql;
import dev.switchback.spec.Migration.WriterRef;
import dev.switchback.steps.Chapter;
import dev.switchback.steps.Check;
import dev.switchback.steps.Findings;
import dev.switchback.steps.World;
import dev.switchback.workload.WriterEnvironment;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The poolers that the endpoints lead to are ready, and all pools together fit into the target's
 * connections: every Pooler's instances × {@code default_pool_size} (or {@code
 * max_db_connections}), and the pools of writers that reach the server directly.
 */
public final class CheckPoolers extends Check {
    /** PgBouncer's own default. */
    private static final int DEFAULT_POOL = 20;

    /** Frameworks' usual pool where the environment does not say. */
    private static final int DIRECT_POOL = 5;

    private static final List<String> POOL_KEYS =
            List.of("DB_POOL", "RAILS_MAX_THREADS", "MAX_THREADS", "DATABASE_POOL", "POOL_SIZE");

    public CheckPoolers(World world) {
        super(world, Chapter.TARGET, "check-poolers", "Check the target's poolers and connections");
    }

    @Override
    protected void look(StepContext context, Findings findings) throws Exception {
        Map<String, KubeObject> poolers = new LinkedHashMap<>();
        for (KubeObject pooler :
                world.targetKube().list(Kind.POOLER, world.target().namespace(), Map.of())) {
            poolers.put(pooler.name(), pooler);
        }
        String cluster = world.target().object().name();
        for (String service : world.migration().endpoints().map().values()) {
            Optional.ofNullable(poolers.get(service)).ifPresent(p -> ready(p, cluster, findings));
        }
        int pools =
                poolers.values().stream()
                        .filter(p -> clusterOf(p).equals(cluster))
                        .filter(p -> p.spec().path("type").asText("rw").equals("rw"))
                        .mapToInt(CheckPoolers::connections)
                        .sum();
        int direct = direct(poolers);
        int offered = offered();
        findings.saw("connections", pools + " pooled + " + direct + " direct of " + offered);
        if (pools + direct > offered) {
            findings.block(
                    new Problem(
                            Code.CONNECTIONS_SHORT,
                            world.target().display(),
                            "poolers may open "
                                    + pools
                                    + " and writers "
                                    + direct
                                    + " connections, the server offers "
                                    + offered
                                    + " (max_connections without the reserved)",
                            "raise spec.postgresql.parameters.max_connections of the Cluster, or"
                                    + " lower default_pool_size of the Poolers",
                            "under load the applications are told that there are too many clients"));
        }
    }

    private static String clusterOf(KubeObject pooler) {
        return pooler.spec().path("cluster").path("name").asText();
    }

    private void ready(KubeObject pooler, String cluster, Findings findings) {
        int asked = pooler.spec().path("instances").asInt(1);
        int there = pooler.status().path("instances").asInt(0);
        String phase = pooler.status().path("phase").asText("active");
        if (!clusterOf(pooler).equals(cluster)) {
            findings.fail(
                    notReady(
                            pooler,
                            "belongs to cluster " + clusterOf(pooler) + ", not to " + cluster,
                            "correct spec.endpoints.map"));
        } else if (pooler.spec().path("pgbouncer").path("paused").asBoolean(false)
                || phase.equals("paused")) {
            findings.block(
                    notReady(
                            pooler,
                            "is paused",
                            "kubectl patch pooler "
                                    + pooler.name()
                                    + " -n "
                                    + pooler.namespace()
                                    + " --type merge -p '{\"spec\":{\"pgbouncer\":{\"paused\":false}}}'"));
        } else if (there < asked || phase.equals("failed") || phase.equals("inactive")) {
            findings.block(
                    notReady(
                            pooler,
                            there + " of " + asked + " instances are there, phase " + phase,
                            "kubectl describe pooler "
                                    + pooler.name()
                                    + " -n "
                                    + pooler.namespace()));
        }
    }

    private static Problem notReady(KubeObject pooler, String what, String remedy) {
        return new Problem(
                Code.POOLER_NOT_READY,
                pooler.display(),
                what,
                remedy,
                "the applications would be pointed at it and get no answer");
    }

    private static int connections(KubeObject pooler) {
        JsonNode parameters = pooler.spec().path("pgbouncer").path("parameters");
        int most = parameters.path("max_db_connections").asInt(0);
        int pool = parameters.path("default_pool_size").asInt(DEFAULT_POOL);
        return pooler.spec().path("instances").asInt(1) * (most > 0 ? most : pool);
    }

    /** Connections of writers whose new endpoint is no pooler. */
    private int direct(Map<String, KubeObject> poolers) {
        WriterEnvironment environment = world.writerEnvironment();
        int direct = 0;
        for (WriterRef ref : world.writers().refs()) {
            KubeObject object = world.writers().object(ref);
            Map<String, Secret> variables = environment.of(ref, object);
            boolean pooled =
                    environment.logins(variables).stream()
                            .map(login -> login.host().replaceFirst("\\..*", ""))
                            .map(host ->
                                    world.migration().endpoints().map().getOrDefault(host, host))
                            .anyMatch(poolers::containsKey);
            if (!pooled) {
                direct += replicas(ref, object) * pool(variables);
            }
        }
        return direct;
    }

    private static int replicas(WriterRef ref, KubeObject object) {
        return ref.kind() == WriterRef.Kind.CRONJOB ? 1 : object.spec().path("replicas").asInt(1);
    }

    private static int pool(Map<String, Secret> variables) {
        return POOL_KEYS.stream()
                .map(variables::get)
                .filter(value -> value != null && value.reveal().strip().matches("\\d{1,4}"))
                .map(value -> Integer.parseInt(value.reveal().strip()))
                .findFirst()
                .orElse(DIRECT_POOL);
    }

    private int offered() throws SQLException {
        try (Connection target = Pg.open(world.targetReader("postgres", id()))) {
            return Integer.parseInt(
                    Sql.one(
                            target,
                            """
                            SELECT current_setting('max_connections')::int
                                   - current_setting('superuser_reserved_connections')::int
                                   - coalesce(current_setting('reserved_connections', true)::int, 0)
                            """));
        }
    }
}
