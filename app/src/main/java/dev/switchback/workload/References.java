package dev.switchback.workload;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchback.kube.Kind;
import dev.switchback.kube.Kube;
import dev.switchback.kube.KubeObject;
import dev.switchback.pg.Secret;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Everything in a namespace that names the source's Services: in its environment, its arguments or
 * the ConfigMaps and Secrets it mounts. Pods are looked at where no workload that we know owns
 * them. The operators' own pods are passed over.
 */
public final class References {
    private static final Set<String> OPERATORS =
            Set.of("spilo", "db-connection-pooler", "spilo-logical-backup");

    private final Kube kube;
    private final EndpointNames names;

    /**
     * @param names of the source's Services
     */
    public References(Kube kube, EndpointNames names) {
        this.kube = kube;
        this.names = names;
    }

    /**
     * One of them.
     *
     * @param workload as in {@code deployment/mastodon-web}
     * @param where what names the source: variables, {@code arguments}, mounted objects; no values
     * @param active whether it is set to run, or runs
     */
    public record Reference(
            Kind kind, String workload, String namespace, String where, boolean active) {}

    public List<Reference> in(String namespace) {
        WriterEnvironment environment = WriterEnvironment.remembering(kube, names);
        List<Reference> found = new ArrayList<>();
        Set<String> deployments = new TreeSet<>();
        for (Kind kind : List.of(Kind.DEPLOYMENT, Kind.STATEFUL_SET, Kind.CRON_JOB, Kind.JOB)) {
            for (KubeObject object : kube.list(kind, namespace, Map.of())) {
                if (kind == Kind.DEPLOYMENT) {
                    deployments.add(object.name());
                }
                boolean ofCronJob =
                        object.owners().stream().anyMatch(o -> o.startsWith("CronJob/"));
                add(found, environment, object, template(object), !ofCronJob);
            }
        }
        for (KubeObject pod : kube.list(Kind.POD, namespace, Map.of())) {
            String phase = pod.status().path("phase").asText("");
            boolean ended = phase.equals("Succeeded") || phase.equals("Failed");
            if (!ended && !isKnown(pod, deployments)) {
                add(found, environment, pod, pod.json(), true);
            }
        }
        return found;
    }

    private void add(
            List<Reference> found,
            WriterEnvironment environment,
            KubeObject object,
            JsonNode template,
            boolean standsForItself) {
        if (!isOperators(template)) {
            Set<String> where = where(environment, object.namespace(), template.path("spec"));
            if (!where.isEmpty() && (standsForItself || isActive(object))) {
                found.add(
                        new Reference(
                                object.kind(),
                                object.kind().kind().toLowerCase(Locale.ROOT) + "/" + object.name(),
                                object.namespace(),
                                String.join(", ", where),
                                isActive(object)));
            }
        }
    }

    private static JsonNode template(KubeObject object) {
        return object.kind() == Kind.CRON_JOB
                ? object.spec().path("jobTemplate").path("spec").path("template")
                : object.spec().path("template");
    }

    private static boolean isOperators(JsonNode template) {
        JsonNode labels = template.path("metadata").path("labels");
        return OPERATORS.contains(labels.path("application").asText(""))
                || labels.has("cnpg.io/cluster")
                || labels.has("cnpg.io/poolerName");
    }

    private static boolean isKnown(KubeObject pod, Set<String> deployments) {
        for (String owner : pod.owners()) {
            if (owner.startsWith("StatefulSet/") || owner.startsWith("Job/")) {
                return true;
            }
            // a ReplicaSet is called <deployment>-<hash>
            if (owner.startsWith("ReplicaSet/")
                    && deployments.contains(
                            owner.substring("ReplicaSet/".length()).replaceFirst("-[^-]+$", ""))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isActive(KubeObject object) {
        return switch (object.kind()) {
            case CRON_JOB -> !object.spec().path("suspend").asBoolean(false);
            case JOB -> object.status().path("active").asInt(0) > 0;
            case POD -> true;
            default -> object.spec().path("replicas").asInt(1) > 0;
        };
    }

    private Set<String> where(WriterEnvironment environment, String namespace, JsonNode pod) {
        Set<String> where = new TreeSet<>();
        for (String containers : List.of("initContainers", "containers")) {
            where.addAll(naming(environment.of(namespace, pod.path(containers))));
            for (JsonNode container : pod.path(containers)) {
                for (String member : List.of("command", "args")) {
                    for (JsonNode argument : container.path(member)) {
                        if (!names.namesIn(argument.asText()).isEmpty()) {
                            where.add("arguments");
                        }
                    }
                }
            }
        }
        mounted(pod)
                .forEach((name, kind) ->
                        naming(environment.values(namespace, name, kind))
                                .forEach(key ->
                                        where.add(
                                                kind.kind().toLowerCase(Locale.ROOT)
                                                        + "/"
                                                        + name)));
        return where;
    }

    private Set<String> naming(Map<String, Secret> values) {
        return values.entrySet().stream()
                .filter(e -> !names.namesIn(e.getValue().reveal()).isEmpty())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private static Map<String, Kind> mounted(JsonNode pod) {
        Map<String, Kind> mounted = new LinkedHashMap<>();
        for (JsonNode volume : pod.path("volumes")) {
            Optional.of(volume.path("configMap").path("name").asText(""))
                    .filter(name -> !name.isEmpty())
                    .ifPresent(name -> mounted.put(name, Kind.CONFIG_MAP));
            Optional.of(volume.path("secret").path("secretName").asText(""))
                    .filter(name -> !name.isEmpty())
                    .ifPresent(name -> mounted.put(name, Kind.SECRET));
        }
        return mounted;
    }
}
