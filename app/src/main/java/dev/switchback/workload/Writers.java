package dev.switchback.workload;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchback.kube.Kind;
import dev.switchback.kube.Kube;
import dev.switchback.kube.KubeObject;
import dev.switchback.spec.Migration.WriterRef;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The declared writers: how many run, stopping them, starting them as they were. */
public final class Writers {
    private final Kube kube;
    private final List<WriterRef> refs;

    public Writers(Kube kube, List<WriterRef> refs) {
        this.kube = kube;
        this.refs = List.copyOf(refs);
    }

    public List<WriterRef> refs() {
        return refs;
    }

    /** The object, or KUBE_NOT_FOUND with what to do. */
    public KubeObject object(WriterRef ref) {
        return kube.require(kind(ref), ref.namespace(), ref.name(), "correct spec.writers");
    }

    /**
     * How each writer is set to run now: replicas of a Deployment or StatefulSet, {@code suspended}
     * or {@code active} of a CronJob; keyed by {@code kind/name}.
     */
    public Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        for (WriterRef ref : refs) {
            settings.put(ref.toString(), setting(ref));
        }
        return settings;
    }

    private String setting(WriterRef ref) {
        KubeObject object = object(ref);
        return ref.kind() == WriterRef.Kind.CRONJOB
                ? (object.spec().path("suspend").asBoolean(false) ? "suspended" : "active")
                : String.valueOf(object.spec().path("replicas").asInt(1));
    }

    /** Sets every writer to run nothing; their pods go on until their grace ends. */
    public void stop() {
        for (WriterRef ref : refs) {
            set(ref, ref.kind() == WriterRef.Kind.CRONJOB ? "suspended" : "0");
        }
    }

    /** Sets every writer back to what {@link #settings} gave. */
    public void restore(Map<String, String> settings) {
        for (WriterRef ref : refs) {
            String setting = settings.get(ref.toString());
            if (setting != null) {
                set(ref, setting);
            }
        }
    }

    private void set(WriterRef ref, String setting) {
        if (setting(ref).equals(setting)) {
            return;
        }
        if (ref.kind() == WriterRef.Kind.CRONJOB) {
            ObjectNode patch = JsonNodeFactory.instance.objectNode();
            patch.putObject("spec").put("suspend", setting.equals("suspended"));
            kube.patch(Kind.CRON_JOB, ref.namespace(), ref.name(), patch);
        } else {
            kube.scale(kind(ref), ref.namespace(), ref.name(), Integer.parseInt(setting));
        }
    }

    /** Writers whose setting asks for something to run, as {@code kind/name (n)}. */
    public List<String> askedToRun() {
        return settings().entrySet().stream()
                .filter(e -> !e.getValue().equals("0") && !e.getValue().equals("suspended"))
                .map(e -> e.getKey() + " (" + e.getValue() + ")")
                .toList();
    }

    /**
     * Every pod of a writer that still exists, terminating ones included, as {@code
     * namespace/name}.
     */
    public List<String> pods() {
        List<String> pods = new ArrayList<>();
        for (WriterRef ref : refs) {
            podsOf(ref).forEach(pod -> pods.add(pod.display()));
        }
        return pods;
    }

    /** The pods of one writer that may run, terminating ones included. */
    public List<KubeObject> podsOf(WriterRef ref) {
        if (ref.kind() == WriterRef.Kind.CRONJOB) {
            return jobPods(ref);
        }
        Map<String, String> labels = new LinkedHashMap<>();
        object(ref)
                .spec()
                .path("selector")
                .path("matchLabels")
                .properties()
                .forEach(e -> labels.put(e.getKey(), e.getValue().asText()));
        return kube.list(Kind.POD, ref.namespace(), labels).stream()
                .filter(Writers::mayRun)
                .toList();
    }

    /** A finished pod writes nothing. */
    private static boolean mayRun(KubeObject pod) {
        String phase = pod.status().path("phase").asText("");
        return !phase.equals("Succeeded") && !phase.equals("Failed");
    }

    private List<KubeObject> jobPods(WriterRef ref) {
        List<KubeObject> pods = new ArrayList<>();
        for (KubeObject job : kube.list(Kind.JOB, ref.namespace(), Map.of())) {
            for (var owner : job.json().path("metadata").path("ownerReferences")) {
                if (owner.path("kind").asText().equals("CronJob")
                        && owner.path("name").asText().equals(ref.name())) {
                    pods.addAll(
                            kube
                                    .list(Kind.POD, ref.namespace(), Map.of("job-name", job.name()))
                                    .stream()
                                    .filter(Writers::mayRun)
                                    .toList());
                }
            }
        }
        return pods;
    }

    /** Writers that do not serve what {@code settings} asks for yet, each with the reason. */
    public List<String> notServing(Map<String, String> settings) {
        List<String> waiting = new ArrayList<>();
        for (WriterRef ref : refs) {
            String asked = settings.getOrDefault(ref.toString(), "0");
            if (!setting(ref).equals(asked)) {
                waiting.add(ref + " is set to " + setting(ref) + ", not " + asked);
            } else if (ref.kind() != WriterRef.Kind.CRONJOB) {
                int ready = object(ref).status().path("readyReplicas").asInt(0);
                if (ready < Integer.parseInt(asked)) {
                    waiting.add(ref + " has " + ready + " of " + asked + " pods ready");
                }
            }
        }
        return waiting;
    }

    private static Kind kind(WriterRef ref) {
        return switch (ref.kind()) {
            case DEPLOYMENT -> Kind.DEPLOYMENT;
            case STATEFULSET -> Kind.STATEFUL_SET;
            case CRONJOB -> Kind.CRON_JOB;
        };
    }
}
