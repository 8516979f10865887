package dev.switchback.diagnose;

import static dev.switchback.diagnose.Certainty.CERTAIN;
import static dev.switchback.diagnose.Certainty.LIKELY;
import static dev.switchback.diagnose.Certainty.POSSIBLE;
import static dev.switchback.diagnose.Symptom.RESTORE;

import dev.switchback.cnpg.CnpgCluster;
import dev.switchback.diagnose.Cause.Because;
import java.util.List;
import java.util.stream.Stream;

/** Why the target does not take definitions or rows; the guide's Issue 2. */
final class RestoreCauses {
    private static final String AGAIN = "mend it, then: switchback migrate";

    private RestoreCauses() {}

    static final List<Cause> ALL =
            List.of(
                    new Cause(
                            "volume-pending",
                            RESTORE,
                            CERTAIN,
                            "A volume of the target is not bound: no storage was given to it.",
                            e ->
                                    e.of(Topic.VOLUME)
                                            .filter(v -> v.is("side", "target"))
                                            .filter(v -> !v.is("phase", "Bound"))
                                            .map(v ->
                                                    new Because(
                                                            v.object(),
                                                            "is "
                                                                    + v.text("phase")
                                                                    + ", asks for "
                                                                    + v.text("asked")
                                                                    + events(e, v.object()),
                                                            "kubectl describe pvc "
                                                                    + v.object()
                                                                    + e.situation().inTarget()
                                                                    + "; correct spec.storage.storageClass of the Cluster, or provide a volume"))),
                    new Cause(
                            "target-fenced",
                            RESTORE,
                            CERTAIN,
                            "The target is fenced or hibernated: PostgreSQL does not run there, on purpose.",
                            e ->
                                    Signs.cluster(e, "target")
                                            .filter(c -> c.has("fenced") || c.has("hibernation"))
                                            .map(c ->
                                                    new Because(
                                                            c.text("name"),
                                                            c.has("fenced")
                                                                    ? "fenced instances: "
                                                                            + c.text("fenced")
                                                                    : "hibernation is on",
                                                            "kubectl annotate cluster "
                                                                    + e.situation()
                                                                            .migration()
                                                                            .target()
                                                                            .cluster()
                                                                    + e.situation().inTarget()
                                                                    + (c.has("fenced")
                                                                            ? " cnpg.io/fencedInstances-"
                                                                            : " --overwrite cnpg.io/hibernation=off")))),
                    new Cause(
                            "target-unhealthy",
                            RESTORE,
                            CERTAIN,
                            "CloudNativePG does not report the target as healthy, or not all instances are ready.",
                            e ->
                                    Signs.cluster(e, "target")
                                            .filter(c ->
                                                    !c.is("phase", CnpgCluster.HEALTHY)
                                                            || c.number("ready", 0)
                                                                    < c.number("instances", 1)
                                                            || !c.text("currentPrimary")
                                                                    .equals(
                                                                            c.text(
                                                                                    "targetPrimary")))
                                            .map(c ->
                                                    new Because(
                                                            c.text("name"),
                                                            "phase '"
                                                                    + c.text("phase")
                                                                    + "', "
                                                                    + c.text("ready")
                                                                    + " of "
                                                                    + c.text("instances")
                                                                    + " ready "
                                                                    + c.text("phaseReason"),
                                                            Commands.describeTarget(e)
                                                                    + ", and wait or mend it"))),
                    new Cause(
                            "target-no-space",
                            RESTORE,
                            CERTAIN,
                            "The target's volume is full, or too small for the source's data.",
                            Signs.any(
                                    Signs.check("SB-229"),
                                    Signs.failedWith(
                                            "no space left on device|could not extend file|53100",
                                            "raise spec.storage.size of the Cluster, then: switchback migrate"),
                                    Signs.log(
                                            "no-space",
                                            List.of("target"),
                                            "raise spec.storage.size of the Cluster"))),
                    new Cause(
                            "superuser-off",
                            RESTORE,
                            CERTAIN,
                            "The migration switched superuser access of the target on, and somebody – Git as a rule –"
                                    + " switched it off again.",
                            e ->
                                    Signs.cluster(e, "target")
                                            .filter(c ->
                                                    e.situation().isDone("enable-target-superuser"))
                                            .filter(c -> c.is("superuserAccess", "false"))
                                            .map(c ->
                                                    new Because(
                                                            c.text("name"),
                                                            "spec.enableSuperuserAccess is false, and step enable-target-superuser is journalled as done",
                                                            Commands.patchTarget(
                                                                            e,
                                                                            "{\"enableSuperuserAccess\":true}")
                                                                    + ", and the same in Git"))),
                    new Cause(
                            "target-unreachable",
                            RESTORE,
                            CERTAIN,
                            "Nobody answers at the target's primary, or refuses our login.",
                            e ->
                                    Signs.refused(
                                                    "target",
                                                    List.of(
                                                            "SB-300",
                                                            "SB-301",
                                                            "SB-302",
                                                            Signs.FULL),
                                                    "kubectl get pods"
                                                            + e.situation().inTarget()
                                                            + " -l cnpg.io/cluster="
                                                            + e.situation()
                                                                    .migration()
                                                                    .target()
                                                                    .cluster()
                                                            + " -o wide, and read the primary's log")
                                            .in(e)),
                    new Cause(
                            "target-full",
                            RESTORE,
                            CERTAIN,
                            "The target has no connection left: the workers of the copy cannot log in.",
                            e -> BackupCauses.full(e, "target")),
                    new Cause(
                            "extension-missing",
                            RESTORE,
                            CERTAIN,
                            "An extension that the source uses is not in the target's image, or only an older version of it.",
                            Signs.any(
                                    Signs.check("SB-310", "SB-319", "SB-320"),
                                    Signs.failedWith(
                                            "extension \"[^\"]+\" is not available|could not open extension control file|could not access file \"\\$libdir",
                                            "use an image that has it (spec.imageName of the Cluster), then: switchback migrate"))),
                    new Cause(
                            "duplicate-rows",
                            RESTORE,
                            CERTAIN,
                            "The source holds rows that break its own unique index, as after a change of collation or a"
                                    + " crash: the index cannot be built on the target.",
                            Signs.any(
                                    Signs.check("SB-330"),
                                    Signs.failedWith(
                                            "could not create unique index|Key .* is duplicated|23505",
                                            "find them with: switchback check --deep; delete all but one, REINDEX on the source, then: switchback migrate"))),
                    new Cause(
                            "target-not-empty",
                            RESTORE,
                            CERTAIN,
                            "The target's database holds objects that we did not put there.",
                            Signs.any(Signs.check("SB-312"), Signs.failed(AGAIN, "SB-312"))),
                    new Cause(
                            "database-settings",
                            RESTORE,
                            CERTAIN,
                            "The target's database has another encoding or locale: texts sort, fold or fit otherwise.",
                            Signs.any(
                                    Signs.check("SB-315", "SB-325", "SB-326", "SB-337"),
                                    Signs.failed(AGAIN, "SB-315", "SB-325", "SB-326", "SB-337"))),
                    new Cause(
                            "role-not-portable",
                            RESTORE,
                            CERTAIN,
                            "A role of the source cannot be made on the target as it is: an md5 password, a reserved name,"
                                    + " SUPERUSER, or sessions that would be left behind.",
                            Signs.any(
                                    Signs.check("SB-311", "SB-321", "SB-322", "SB-323"),
                                    Signs.failed(AGAIN, "SB-311", "SB-321", "SB-322", "SB-323"))),
                    new Cause(
                            "target-version",
                            RESTORE,
                            CERTAIN,
                            "The target is of an older PostgreSQL than the source, or of one that is not supported.",
                            Signs.any(Signs.check("SB-305"), Signs.failed(AGAIN, "SB-305"))),
                    new Cause(
                            "depends-on-spilo",
                            RESTORE,
                            CERTAIN,
                            "Something of the application's needs what only Spilo's image has.",
                            Signs.any(Signs.check("SB-333"), Signs.failed(AGAIN, "SB-333"))),
                    new Cause(
                            "role-missing",
                            RESTORE,
                            LIKELY,
                            "An owner or grantee does not exist on the target.",
                            Signs.any(
                                    Signs.failed(AGAIN, "SB-412"),
                                    Signs.failedWith(
                                            "role \"[^\"]+\" does not exist",
                                            "create the role on the target, or give its objects to another on the source; then: switchback migrate"))),
                    new Cause(
                            "reference-broken",
                            RESTORE,
                            LIKELY,
                            "The source holds rows that refer to nothing: a foreign key cannot be validated on the target.",
                            Signs.failedWith(
                                    "violates foreign key constraint|23503",
                                    "mend or delete these rows on the source, or make the key NOT VALID there; then: switchback migrate")),
                    new Cause(
                            "target-killed",
                            RESTORE,
                            LIKELY,
                            "A pod of the target crashes or was killed for its memory: restoring needs more than serving.",
                            Signs.ended(
                                    "target",
                                    "OOMKilled|CrashLoopBackOff|Evicted",
                                    "raise spec.resources.limits.memory of the Cluster, or lower spec.jobs and maintenance_work_mem")),
                    new Cause(
                            "target-unschedulable",
                            RESTORE,
                            LIKELY,
                            "A pod of the target finds no node or no storage.",
                            e ->
                                    e.of(Topic.EVENT)
                                            .filter(v ->
                                                    List.of(
                                                                    "FailedScheduling",
                                                                    "FailedMount",
                                                                    "FailedAttachVolume",
                                                                    "ProvisioningFailed")
                                                            .contains(v.text("reason")))
                                            .filter(v ->
                                                    v.object()
                                                            .contains(
                                                                    "/"
                                                                            + e.situation()
                                                                                    .migration()
                                                                                    .target()
                                                                                    .cluster()))
                                            .map(v ->
                                                    new Because(
                                                            v.object(),
                                                            v.text("reason")
                                                                    + ": "
                                                                    + v.text("message"),
                                                            "kubectl describe "
                                                                    + v.object()
                                                                            .toLowerCase(
                                                                                    java.util.Locale
                                                                                            .ROOT)
                                                                    + e.situation().inTarget()))),
                    new Cause(
                            "source-collation-changed",
                            RESTORE,
                            POSSIBLE,
                            "The source's indexes were built under other sorting rules than its C library has now: unique"
                                    + " indexes may let duplicates in.",
                            e ->
                                    BackupCauses.before(e)
                                            .flatMap(x -> DataCauses.collation(x, "source"))),
                    new Cause(
                            "restore-failed",
                            RESTORE,
                            POSSIBLE,
                            "The target refused something for a reason that its own words give.",
                            Signs.failed(
                                    "read the words, mend what they name, then: switchback migrate",
                                    "SB-401",
                                    "SB-402",
                                    "SB-410",
                                    "SB-411")));

    /** What Kubernetes says of an object. */
    private static String events(Evidence evidence, String name) {
        return evidence.of(Topic.EVENT)
                .filter(v -> v.object().endsWith("/" + name))
                .map(v -> "; " + v.text("reason") + ": " + v.text("message"))
                .findFirst()
                .orElse("");
    }

    static Stream<Evidence> after(Evidence evidence) {
        return evidence.situation().switched() ? Stream.of(evidence) : Stream.empty();
    }
}
