package dev.switchback.steps.access;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchback.cnpg.CnpgCluster;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.kube.KubeObject;
import dev.switchback.steps.Findings;
import java.util.Map;
import java.util.TreeMap;

/** The target rests, and its operator is awake to keep it so. */
final class SettledTarget {
    private static final String WHY =
            "the operator would act on the cluster during the migration, or would not act when it"
                    + " has to";

    /** Annotations that put a cluster out of its operator's hands, and the value that does. */
    private static final Map<String, String> FREEZING =
            new TreeMap<>(
                    Map.of(
                            "cnpg.io/hibernation", "on",
                            "cnpg.io/reconciliationLoop", "disabled"));

    private final CnpgCluster target;
    private final Findings findings;

    SettledTarget(CnpgCluster target, Findings findings) {
        this.target = target;
        this.findings = findings;
    }

    void look() throws InterruptedException {
        KubeObject object = target.object();
        FREEZING.forEach((annotation, value) -> {
            if (object.annotation(annotation).filter(value::equals).isPresent()) {
                findings.block(frozen(annotation, value));
            }
        });
        object.annotation("cnpg.io/fencedInstances")
                .filter(v -> !v.isBlank() && !v.equals("[]"))
                .ifPresent(v -> findings.fail(frozen("cnpg.io/fencedInstances", v)));
        object.annotation("cnpg.io/skipWalArchiving")
                .filter("enabled"::equals)
                .ifPresent(v ->
                        findings.warn(
                                problem(
                                        "WAL archiving is switched off (annotation"
                                                + " cnpg.io/skipWalArchiving)",
                                        "remove the annotation after the migration, then take a backup")));
        for (JsonNode condition : object.status().path("conditions")) {
            String type = condition.path("type").asText();
            boolean bad = condition.path("status").asText().equals("False");
            String words = condition.path("message").asText(condition.path("reason").asText());
            if (bad && type.equals("ContinuousArchiving")) {
                findings.block(
                        problem(
                                "WAL archiving fails: " + words,
                                "mend the backup's object store: WAL that cannot be archived fills"
                                        + " the volume during the copy"));
            } else if (bad && type.equals("ConsistentSystemID")) {
                findings.fail(problem("its instances are of different clusters: " + words, ""));
            }
        }
        if (object.status().path("switchReplicaClusterStatus").path("inProgress").asBoolean()) {
            findings.fail(problem("a change of replica mode is in progress", "wait for its end"));
        }
        Polls.stable(target.display(), () -> state(target.object()), findings);
        findings.saw("primary", object.status().path("currentPrimary").asText());
    }

    private static String state(KubeObject object) {
        JsonNode status = object.status();
        return status.path("phase").asText()
                + ", primary "
                + status.path("currentPrimary").asText()
                + " of target "
                + status.path("targetPrimary").asText()
                + ", "
                + status.path("readyInstances").asText()
                + " ready";
    }

    private Problem frozen(String annotation, String value) {
        return problem(
                "annotation " + annotation + "=" + value + " is set",
                "kubectl annotate cluster "
                        + target.object().name()
                        + " -n "
                        + target.namespace()
                        + " "
                        + annotation
                        + "-");
    }

    private Problem problem(String what, String remedy) {
        return new Problem(
                Code.CLUSTER_UNSETTLED,
                target.display(),
                what,
                remedy.isEmpty() ? "kubectl cnpg status " + target.object().name() : remedy,
                WHY);
    }
}
