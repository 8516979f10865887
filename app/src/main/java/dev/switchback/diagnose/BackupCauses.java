package dev.switchback.diagnose;

import static dev.switchback.diagnose.Certainty.CERTAIN;
import static dev.switchback.diagnose.Certainty.LIKELY;
import static dev.switchback.diagnose.Certainty.POSSIBLE;
import static dev.switchback.diagnose.Symptom.BACKUP;

import dev.switchback.diagnose.Cause.Because;
import java.util.List;
import java.util.stream.Stream;

/** Why the source cannot be read or its backup not be kept; the guide's Issue 1. */
final class BackupCauses {
    private static final String AGAIN = "mend it, then: switchback migrate";

    private BackupCauses() {}

    static final List<Cause> ALL =
            List.of(
                    new Cause(
                            "source-not-running",
                            BACKUP,
                            CERTAIN,
                            "Zalando's operator does not report the source as Running; while it works on the cluster or"
                                    + " has given up, connections come and go.",
                            e ->
                                    before(e)
                                            .flatMap(x -> Signs.cluster(x, "source"))
                                            .filter(c -> !c.is("status", "Running"))
                                            .map(c ->
                                                    new Because(
                                                            c.text("name"),
                                                            "its status is '"
                                                                    + c.text("status")
                                                                    + "'",
                                                            Commands.describeSource(e)
                                                                    + ", and wait until it is Running"))),
                    new Cause(
                            "source-full",
                            BACKUP,
                            CERTAIN,
                            "The source has no connection left for a dump: every one that is not reserved is in use.",
                            e ->
                                    Stream.concat(
                                            full(e, "source"),
                                            Signs.refused(
                                                            "source",
                                                            List.of(Signs.FULL),
                                                            "end sessions, or raise max_connections of the postgresql object")
                                                    .in(e))),
                    new Cause(
                            "source-unreachable",
                            BACKUP,
                            CERTAIN,
                            "Nobody answers at the source's primary: connections are refused or time out.",
                            e ->
                                    before(e)
                                            .flatMap(x ->
                                                    Signs.refused(
                                                                    "source",
                                                                    List.of("SB-300"),
                                                                    "kubectl get pods"
                                                                            + x.situation()
                                                                                    .inSource()
                                                                            + " -l cluster-name="
                                                                            + x.situation()
                                                                                    .migration()
                                                                                    .source()
                                                                                    .cluster()
                                                                            + " -o wide, and mend the pod with spilo-role=master")
                                                            .in(x))),
                    new Cause(
                            "source-secret",
                            BACKUP,
                            CERTAIN,
                            "The superuser's Secret of the source is missing, lacks a key, or holds another password than"
                                    + " the server.",
                            e ->
                                    Signs.refused(
                                                    "source",
                                                    List.of("SB-301", "SB-211"),
                                                    "kubectl get secret postgres."
                                                            + e.situation()
                                                                    .migration()
                                                                    .source()
                                                                    .cluster()
                                                            + ".credentials.postgresql.acid.zalan.do"
                                                            + e.situation().inSource()
                                                            + "; let the operator put the password back, or set the role's password to the Secret's")
                                            .in(e)),
                    new Cause(
                            "source-table-locked",
                            BACKUP,
                            CERTAIN,
                            "A session holds an ACCESS EXCLUSIVE lock; a dump or a copy of that table waits for it.",
                            e ->
                                    e.of(Topic.LOCK)
                                            .filter(l -> l.is("side", "source") && l.has("table"))
                                            .map(l ->
                                                    new Because(
                                                            l.text("table"),
                                                            "locked for "
                                                                    + l.text("seconds")
                                                                    + " s by pid "
                                                                    + l.text("pid")
                                                                    + " ("
                                                                    + l.text("role")
                                                                    + " "
                                                                    + l.text("application")
                                                                    + "): "
                                                                    + l.text("statement"),
                                                            Commands.psql(
                                                                    e,
                                                                    "source",
                                                                    "postgres",
                                                                    "SELECT pg_terminate_backend("
                                                                            + l.text("pid")
                                                                            + ")")))),
                    new Cause(
                            "client-tools",
                            BACKUP,
                            CERTAIN,
                            "There is no pg_dump of a major from the source's to the target's here; an older one refuses"
                                    + " the server.",
                            Signs.any(Signs.check("SB-306"), Signs.failed(AGAIN, "SB-306"))),
                    new Cause(
                            "backup-no-room",
                            BACKUP,
                            CERTAIN,
                            "The volume of the safety backup is full, or holds less than the tables need.",
                            Signs.any(
                                    Signs.check("SB-452"),
                                    Signs.failed(
                                            "make room where spec.backup.to points, or name another volume, then: switchback migrate",
                                            "SB-452"))),
                    new Cause(
                            "backup-destination",
                            BACKUP,
                            CERTAIN,
                            "The folder of the safety backup is missing, cannot be written, or holds a backup of that name.",
                            Signs.any(
                                    Signs.check("SB-451"),
                                    Signs.failed(
                                            "mount it or correct spec.backup.to, then: switchback migrate",
                                            "SB-451"))),
                    new Cause(
                            "backup-bucket",
                            BACKUP,
                            CERTAIN,
                            "The bucket of the safety backup is missing, refuses the key, or cannot be reached.",
                            Signs.any(
                                    Signs.check("SB-453"),
                                    Signs.failed(
                                            "mend the bucket or its Secret, then: switchback migrate",
                                            "SB-453"))),
                    new Cause(
                            "read-privilege",
                            BACKUP,
                            CERTAIN,
                            "Our role may not read everything on the source: pg_dump stops at the first object it may not.",
                            Signs.any(
                                    Signs.check("SB-303"),
                                    Signs.failedWith(
                                            "permission denied for (?!database)",
                                            "ALTER ROLE postgres SUPERUSER on the source, as Spilo makes it; then: switchback migrate"))),
                    new Cause(
                            "source-unsettled",
                            BACKUP,
                            LIKELY,
                            "A failover, switchover, restart or pause of the source is under way or was a moment ago.",
                            e ->
                                    Signs.check("SB-220", "SB-221")
                                            .in(e)
                                            .filter(b ->
                                                    !b.object()
                                                            .startsWith(e.situation().target()))),
                    new Cause(
                            "statement-timeout",
                            BACKUP,
                            LIKELY,
                            "A timeout of the source, of a role or of a pooler in between cancelled a long statement.",
                            Signs.failedWith(
                                    "statement timeout|57014|query_timeout|lock timeout|55P03",
                                    "look for it: SELECT setrole::regrole, setconfig FROM pg_db_role_setting; and end what holds the lock")),
                    new Cause(
                            "run-killed",
                            BACKUP,
                            LIKELY,
                            "A pod of Switchback was killed while it worked: too little memory or time, or it was evicted.",
                            Signs.ended(
                                    "ours",
                                    "OOMKilled|Evicted|DeadlineExceeded",
                                    "raise resources.limits.memory or activeDeadlineSeconds of the Job, then: switchback migrate goes on")),
                    new Cause(
                            "source-pod-restarts",
                            BACKUP,
                            LIKELY,
                            "A database pod of the source crashes or was killed for its memory; every dump ends with it.",
                            Signs.ended(
                                    "source",
                                    "OOMKilled|CrashLoopBackOff|Evicted",
                                    "raise spec.resources of the postgresql object or mend what the pod's log says")),
                    new Cause(
                            "source-corrupt",
                            BACKUP,
                            LIKELY,
                            "PostgreSQL cannot read a page or a value of the source: storage or an earlier crash damaged it.",
                            Signs.any(
                                    Signs.failedWith(
                                            "invalid page|could not read block|missing chunk|page verification failed",
                                            "restore that table from a backup before migrating; never copy around it unseen"),
                                    Signs.log(
                                            "corrupt",
                                            List.of("source"),
                                            "find the table in the log line, restore it from a backup"))),
                    new Cause(
                            "backup-failed",
                            BACKUP,
                            POSSIBLE,
                            "The safety backup or the dump of the definitions failed for a reason that its own words give.",
                            Signs.failed(
                                    "read the words, mend what they name, then: switchback migrate",
                                    "SB-400",
                                    "SB-450",
                                    "SB-454",
                                    "SB-455",
                                    "SB-456")));

    /** Once the target serves, the source may be stopped. */
    static Stream<Evidence> before(Evidence evidence) {
        return evidence.situation().switched() ? Stream.empty() : Stream.of(evidence);
    }

    static Stream<Because> full(Evidence evidence, String side) {
        return Signs.server(evidence, side)
                .filter(s -> s.is("reachable", "true"))
                .filter(s ->
                        s.number("used", 0)
                                >= s.number("maxConnections", Double.MAX_VALUE)
                                        - s.number("reserved", 0))
                .map(s ->
                        new Because(
                                side + "'s primary",
                                s.text("used")
                                        + " of "
                                        + s.text("maxConnections")
                                        + " connections in use, "
                                        + s.text("reserved")
                                        + " of them reserved for superusers",
                                side.equals("source")
                                        ? Commands.psql(
                                                        evidence,
                                                        side,
                                                        "postgres",
                                                        "SELECT usename, application_name, state, count(*) FROM pg_stat_activity GROUP BY 1, 2, 3 ORDER BY 4 DESC")
                                                + ", and end the idle ones"
                                        : Commands.patchTarget(
                                                        evidence,
                                                        "{\"postgresql\":{\"parameters\":{\"max_connections\":\""
                                                                + Math.round(
                                                                        2
                                                                                * s.number(
                                                                                        "maxConnections",
                                                                                        100))
                                                                + "\"}}}")
                                                + " (restarts it), or let the applications use the pooler"));
    }
}
