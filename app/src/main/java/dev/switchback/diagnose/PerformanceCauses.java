package dev.switchback.diagnose;

import static dev.switchback.diagnose.Certainty.CERTAIN;
import static dev.switchback.diagnose.Certainty.LIKELY;
import static dev.switchback.diagnose.Certainty.POSSIBLE;
import static dev.switchback.diagnose.Symptom.PERFORMANCE;

import dev.switchback.diagnose.Cause.Because;
import dev.switchback.kube.Kube;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Why the service is slower; the guide's Issue 5. */
final class PerformanceCauses {
    /** A setting that is this much smaller is not worth a word. */
    private static final double NEARLY = 0.8;

    private static final Set<String> MORE_IS_FASTER =
            Set.of(
                    "shared_buffers",
                    "work_mem",
                    "maintenance_work_mem",
                    "effective_cache_size",
                    "max_wal_size",
                    "max_parallel_workers",
                    "max_parallel_workers_per_gather");

    private static final long IDLE_SECONDS = 300;

    /** A dozen a minute's length apart: more than a backup or a base backup makes. */
    private static final double CHECKPOINTS = 10;

    private static final double CHECKPOINTS_AN_HOUR = 12;

    private static final double COLD_SECONDS = 1_800;
    private static final double COLD_READS = 10_000;
    private static final double COLD_SHARE = 0.2;
    private static final double AT_LIMIT = 0.9;

    private PerformanceCauses() {}

    static final List<Cause> ALL =
            List.of(
                    new Cause(
                            "blocking-session",
                            PERFORMANCE,
                            CERTAIN,
                            "A session holds locks that others wait for.",
                            e ->
                                    e.of(Topic.LOCK)
                                            .filter(l -> l.number("waiting", 0) > 0)
                                            .map(l ->
                                                    new Because(
                                                            l.object(),
                                                            l.text("waiting")
                                                                    + " sessions wait for "
                                                                    + l.text("role")
                                                                    + " "
                                                                    + l.text("application")
                                                                    + ", "
                                                                    + l.text("state")
                                                                    + ", in its transaction for "
                                                                    + l.text("seconds")
                                                                    + " s: "
                                                                    + l.text("statement"),
                                                            Commands.psql(
                                                                    e,
                                                                    l.text("side"),
                                                                    "postgres",
                                                                    "SELECT pg_terminate_backend("
                                                                            + l.text("pid")
                                                                            + ")")))),
                    new Cause(
                            "index-invalid",
                            PERFORMANCE,
                            CERTAIN,
                            "An index of the target is invalid: no query uses it, every write pays for it.",
                            e -> index(e, "invalid", i -> "REINDEX INDEX " + i.text("index"))),
                    new Cause(
                            "index-missing",
                            PERFORMANCE,
                            CERTAIN,
                            "The target lacks an index that the source has.",
                            e -> index(e, "missing", i -> i.text("definition"))),
                    new Cause(
                            "never-analyzed",
                            PERFORMANCE,
                            CERTAIN,
                            "The planner has no statistics of a table: it guesses.",
                            e ->
                                    e.of(Topic.STATISTICS)
                                            .map(t ->
                                                    new Because(
                                                            t.text("table"),
                                                            t.text("bytes")
                                                                    + " bytes, never analyzed",
                                                            Commands.psql(
                                                                    e,
                                                                    "target",
                                                                    t.text("database"),
                                                                    "ANALYZE "
                                                                            + t.text("table"))))),
                    new Cause(
                            "autovacuum-off",
                            PERFORMANCE,
                            CERTAIN,
                            "Autovacuum is off on the target: tables swell, statistics age.",
                            e ->
                                    e.of(Topic.SETTING)
                                            .filter(s -> s.object().equals("autovacuum"))
                                            .filter(s -> s.is("target", "off"))
                                            .map(s ->
                                                    new Because(
                                                            s.object(),
                                                            "off on the target, "
                                                                    + s.text("source")
                                                                    + " on the source",
                                                            Commands.patchTarget(
                                                                    e,
                                                                    "{\"postgresql\":{\"parameters\":{\"autovacuum\":\"on\"}}}")))),
                    new Cause(
                            "pool-exhausted",
                            PERFORMANCE,
                            CERTAIN,
                            "Clients wait for a connection of the pool, or the server takes no more.",
                            e ->
                                    Stream.of(
                                                    e.of(Topic.POOL)
                                                            .filter(p -> p.number("waiting", 0) > 0)
                                                            .map(p ->
                                                                    new Because(
                                                                            p.object(),
                                                                            p.line(),
                                                                            larger(e))),
                                                    Signs.log("pool", List.of(), larger(e)).in(e),
                                                    Signs.log("connections", List.of(), larger(e))
                                                            .in(e),
                                                    RestoreCauses.after(e)
                                                            .flatMap(x ->
                                                                    BackupCauses.full(x, "target")))
                                            .flatMap(s -> s)),
                    new Cause(
                            "settings-smaller",
                            PERFORMANCE,
                            LIKELY,
                            "The target runs with less memory or fewer workers than the source, or waits for standbys.",
                            PerformanceCauses::settings),
                    new Cause(
                            "resources-lower",
                            PERFORMANCE,
                            LIKELY,
                            "The target's pods are limited to less CPU or memory than the source's were.",
                            PerformanceCauses::resources),
                    new Cause(
                            "at-limit",
                            PERFORMANCE,
                            LIKELY,
                            "A pod of the target uses nearly all the CPU or memory that it may.",
                            e ->
                                    e.of(Topic.POD)
                                            .filter(p -> p.is("role", "target"))
                                            .filter(p ->
                                                    p.number("cpuShare", 0) >= AT_LIMIT
                                                            || p.number("memoryShare", 0)
                                                                    >= AT_LIMIT)
                                            .map(p ->
                                                    new Because(
                                                            p.object(),
                                                            "share of its CPU limit "
                                                                    + p.text("cpuShare")
                                                                    + ", of its memory limit "
                                                                    + p.text("memoryShare"),
                                                            Commands.patchTarget(
                                                                    e,
                                                                    "{\"resources\":{\"limits\":{\"cpu\":\"…\",\"memory\":\"…\"}}}")))),
                    new Cause(
                            "idle-in-transaction",
                            PERFORMANCE,
                            LIKELY,
                            "A session leaves its transaction open for minutes: it keeps locks and dead rows.",
                            e ->
                                    e.of(Topic.SESSIONS)
                                            .filter(s -> s.object().contains("idle in transaction"))
                                            .filter(s ->
                                                    s.number("longestIdleSeconds", 0)
                                                            >= IDLE_SECONDS)
                                            .map(s ->
                                                    new Because(
                                                            s.object(),
                                                            "the longest for "
                                                                    + s.text("longestIdleSeconds")
                                                                    + " s",
                                                            "set idle_in_transaction_session_timeout, and find the application that does not commit"))),
                    new Cause(
                            "checkpoint-storm",
                            PERFORMANCE,
                            LIKELY,
                            "Checkpoints are forced one after the other: WAL fills max_wal_size faster than planned.",
                            e ->
                                    Stream.concat(
                                            e.of(Topic.CHECKPOINTS)
                                                    .filter(c ->
                                                            c.number("requested", 0) >= CHECKPOINTS
                                                                    && c.number("requested", 0)
                                                                            > 2
                                                                                    * c.number(
                                                                                            "timed",
                                                                                            0)
                                                                    && c.number("requested", 0)
                                                                                    * 3_600
                                                                                    / c.number(
                                                                                            "seconds",
                                                                                            1)
                                                                            >= CHECKPOINTS_AN_HOUR)
                                                    .map(c ->
                                                            new Because(
                                                                    c.object(),
                                                                    c.text("requested")
                                                                            + " requested, "
                                                                            + c.text("timed")
                                                                            + " timed in "
                                                                            + c.text("seconds")
                                                                            + " s",
                                                                    walSize(e))),
                                            Signs.log("checkpoints", List.of("target"), walSize(e))
                                                    .in(e))),
                    new Cause(
                            "cold-cache",
                            PERFORMANCE,
                            LIKELY,
                            "The server was started a short while ago and reads from disk what it will keep in memory.",
                            e ->
                                    e.of(Topic.CACHE)
                                            .filter(c ->
                                                    c.number("upSeconds", COLD_SECONDS)
                                                                    < COLD_SECONDS
                                                            && c.number("reads", 0) >= COLD_READS
                                                            && c.number("reads", 0)
                                                                    > COLD_SHARE
                                                                            * (c.number("hits", 0)
                                                                                    + c.number(
                                                                                            "reads",
                                                                                            0)))
                                            .map(c ->
                                                    new Because(
                                                            c.object(),
                                                            c.line(),
                                                            "wait, or warm the largest tables with pg_prewarm"))),
                    new Cause(
                            "standby-wait",
                            PERFORMANCE,
                            CERTAIN,
                            "Commits wait for a synchronous standby.",
                            e ->
                                    e.of(Topic.SESSIONS)
                                            .filter(s -> s.number("waitingForStandby", 0) > 0)
                                            .map(s ->
                                                    new Because(
                                                            s.object(),
                                                            s.text("waitingForStandby")
                                                                    + " sessions wait for SyncRep",
                                                            "look at pg_stat_replication and spec.postgresql.synchronous of the Cluster"))),
                    new Cause(
                            "slow-statement",
                            PERFORMANCE,
                            POSSIBLE,
                            "A statement takes more than a second on average.",
                            e ->
                                    e.of(Topic.STATEMENT)
                                            .filter(s ->
                                                    s.number("meanMillis", 0) >= 1_000
                                                            && s.number("calls", 0) >= 5)
                                            .map(s ->
                                                    new Because(
                                                            s.object(),
                                                            s.text("meanMillis")
                                                                    + " ms on average of "
                                                                    + s.text("calls")
                                                                    + " calls: "
                                                                    + s.text("statement"),
                                                            "EXPLAIN (ANALYZE, BUFFERS) it on the target, and on the source while it is there"))));

    private interface Mend {
        String of(Seen index);
    }

    private static Stream<Because> index(Evidence evidence, String state, Mend mend) {
        return evidence.of(Topic.INDEX)
                .filter(i -> i.is("state", state))
                .map(i ->
                        new Because(
                                i.text("index") + " on " + i.text("table"),
                                "is " + state + ": " + i.text("definition"),
                                Commands.psql(evidence, "target", i.text("database"), mend.of(i))));
    }

    private static String larger(Evidence evidence) {
        return evidence.of(Topic.POOLER)
                .filter(p -> p.is("type", "rw"))
                .map(p ->
                        "kubectl patch pooler "
                                + p.object()
                                + evidence.situation().inTarget()
                                + " --type merge -p '{\"spec\":{\"pgbouncer\":{\"parameters\":{\"default_pool_size\":\""
                                + Math.round(2 * p.number("default_pool_size", 20))
                                + "\"}}}}', within max_connections of the Cluster")
                .findFirst()
                .orElse("raise the application's pool and max_connections of the Cluster together");
    }

    private static String walSize(Evidence evidence) {
        return Commands.patchTarget(
                evidence, "{\"postgresql\":{\"parameters\":{\"max_wal_size\":\"8GB\"}}}");
    }

    private static Stream<Because> settings(Evidence evidence) {
        return evidence.of(Topic.SETTING)
                .filter(s ->
                        (MORE_IS_FASTER.contains(s.object())
                                        && s.number("targetNumber", 0)
                                                < NEARLY * s.number("sourceNumber", 0))
                                || (s.object().equals("random_page_cost")
                                        && s.number("targetNumber", 0)
                                                > s.number("sourceNumber", Double.MAX_VALUE))
                                || (s.object().equals("synchronous_standby_names")
                                        && s.has("target")
                                        && !s.has("source")))
                .map(s ->
                        new Because(
                                s.object(),
                                (s.has("target") ? s.text("target") : "empty")
                                        + " on the target, "
                                        + (s.has("source") ? s.text("source") : "empty")
                                        + " on the source",
                                s.object().equals("synchronous_standby_names")
                                        ? "correct spec.postgresql.synchronous of the Cluster, if the wait is not wanted"
                                        : Commands.patchTarget(
                                                evidence,
                                                "{\"postgresql\":{\"parameters\":{\""
                                                        + s.object()
                                                        + "\":\""
                                                        + s.text("source")
                                                        + "\"}}}")));
    }

    private static Stream<Because> resources(Evidence evidence) {
        return Signs.cluster(evidence, "source")
                .flatMap(source ->
                        Signs.cluster(evidence, "target")
                                .flatMap(target ->
                                        Stream.of("cpu", "memory")
                                                .filter(r ->
                                                        evidence.situation().switched()
                                                                && lower(
                                                                        source.text(r + "Limit"),
                                                                        target.text(r + "Limit")))
                                                .map(r ->
                                                        new Because(
                                                                target.text("name"),
                                                                r
                                                                        + " limit "
                                                                        + target.text(r + "Limit")
                                                                        + ", the source's "
                                                                        + (source.has(r + "Limit")
                                                                                ? source.text(
                                                                                        r + "Limit")
                                                                                : "none"),
                                                                Commands.patchTarget(
                                                                        evidence,
                                                                        "{\"resources\":{\"limits\":{\""
                                                                                + r
                                                                                + "\":\""
                                                                                + source.text(
                                                                                        r + "Limit")
                                                                                + "\"}}}")))));
    }

    private static boolean lower(String source, String target) {
        if (target.isEmpty() || source.isEmpty()) {
            return false;
        }
        try {
            return Kube.amount(target) < Kube.amount(source);
        } catch (IllegalArgumentException e) {
            return false; // an amount that Kubernetes does not know limits nothing
        }
    }
}
