package dev.switchback.runbook;

import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.kube.Kind;
import dev.switchback.kube.Kube;
import dev.switchback.kube.KubeObject;
import dev.switchback.pg.Secret;
import dev.switchback.spec.Migration.WriterRef;
import dev.switchback.workload.EndpointNames;
import dev.switchback.workload.WriterEnvironment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds both clusters, the writers and the places that name the source's Services, for {@code
 * init}. Reads only.
 */
public final class Discovery {
    private final Kube kube;
    private final String namespace;

    public Discovery(Kube kube, String namespace) {
        this.kube = kube;
        this.namespace = namespace;
    }

    /**
     * What was found.
     *
     * @param places {@code configMap: name} or {@code secret: name}
     * @param ca the writers' CA Secret and the target's, when both are there
     */
    public record Found(
            String source,
            String target,
            Map<String, String> map,
            List<String> writers,
            List<String> places,
            Optional<Map.Entry<String, String>> ca) {}

    public Found find(Optional<String> source, Optional<String> target) {
        String from = only(Kind.POSTGRESQL, source, "--source");
        String to = only(Kind.CNPG_CLUSTER, target, "--target");
        Map<String, String> map = serviceMap(from, to);
        EndpointNames names = new EndpointNames(map, namespace, namespace);
        return new Found(from, to, map, writers(names), places(names), ca(from, to));
    }

    private String only(Kind kind, Optional<String> named, String option) {
        if (named.isPresent()) {
            return kube.require(kind, namespace, named.get(), "correct " + option).name();
        }
        List<String> names =
                kube.list(kind, namespace, Map.of()).stream().map(KubeObject::name).toList();
        if (names.size() == 1) {
            return names.getFirst();
        }
        throw new SwitchbackException(
                names.isEmpty() ? Code.KUBE_NOT_FOUND : Code.USAGE,
                namespace,
                names.isEmpty()
                        ? "there is no "
                                + kind.kind()
                                + " ("
                                + kind.apiVersion()
                                + ") in this namespace"
                        : "there are several " + kind.plural() + ": " + String.join(", ", names),
                names.isEmpty() ? "name the namespace with -n" : "name one with " + option);
    }

    /**
     * Every Service of the source that exists, to the Service of the target that plays its part.
     */
    private Map<String, String> serviceMap(String from, String to) {
        String readWrite = pooler(to, "rw").orElse(to + "-rw");
        String readOnly = pooler(to, "ro").or(() -> pooler(to, "r")).orElse(to + "-ro");
        Map<String, String> map = new LinkedHashMap<>();
        map.put(from, readWrite);
        map.put(from + "-pooler", readWrite);
        map.put(from + "-repl", readOnly);
        map.put(from + "-pooler-repl", readOnly);
        map.keySet().removeIf(service -> kube.get(Kind.SERVICE, namespace, service).isEmpty());
        return map;
    }

    private Optional<String> pooler(String cluster, String type) {
        return kube.list(Kind.POOLER, namespace, Map.of()).stream()
                .filter(p -> p.spec().path("cluster").path("name").asText().equals(cluster))
                .filter(p -> p.spec().path("type").asText("rw").equals(type))
                .map(KubeObject::name)
                .findFirst();
    }

    private List<String> writers(EndpointNames names) {
        WriterEnvironment environment = new WriterEnvironment(kube, names);
        List<String> writers = new ArrayList<>();
        for (WriterRef.Kind kind : WriterRef.Kind.values()) {
            Kind objects =
                    switch (kind) {
                        case DEPLOYMENT -> Kind.DEPLOYMENT;
                        case STATEFULSET -> Kind.STATEFUL_SET;
                        case CRONJOB -> Kind.CRON_JOB;
                    };
            for (KubeObject object : kube.list(objects, namespace, Map.of())) {
                WriterRef ref = new WriterRef(kind, object.name(), namespace);
                if (!operators(object)
                        && !environment.logins(environment.of(ref, object)).isEmpty()) {
                    writers.add(ref.toString());
                }
            }
        }
        return writers;
    }

    private List<String> places(EndpointNames names) {
        List<String> places = new ArrayList<>();
        for (Kind kind : List.of(Kind.CONFIG_MAP, Kind.SECRET)) {
            for (KubeObject object : kube.list(kind, namespace, Map.of())) {
                if (operators(object)) {
                    continue;
                }
                boolean named =
                        object.data().keySet().stream()
                                .map(key -> value(kind, object, key))
                                .anyMatch(value -> !names.namesIn(value).isEmpty());
                if (named) {
                    places.add(
                            (kind == Kind.CONFIG_MAP ? "configMap: " : "secret: ") + object.name());
                }
            }
        }
        return places;
    }

    private static String value(Kind kind, KubeObject object, String key) {
        return kind == Kind.SECRET
                ? object.secret(key).map(Secret::reveal).orElse("")
                : object.data().getOrDefault(key, "");
    }

    /** What an operator or we ourselves made is not an application's. */
    private static boolean operators(KubeObject object) {
        return object.label("cluster-name").isPresent()
                || object.label("cnpg.io/cluster").isPresent()
                || object.label("application")
                        .filter(a -> a.equals("spilo") || a.equals("db-connection-pooler"))
                        .isPresent()
                || object.label("app.kubernetes.io/managed-by")
                        .filter("switchback"::equals)
                        .isPresent();
    }

    private Optional<Map.Entry<String, String>> ca(String from, String to) {
        boolean both =
                kube.get(Kind.SECRET, namespace, from + "-ca")
                                .flatMap(s -> s.secret("ca.crt"))
                                .isPresent()
                        && kube.get(Kind.SECRET, namespace, to + "-ca")
                                .flatMap(s -> s.secret("ca.crt"))
                                .isPresent();
        return both ? Optional.of(Map.entry(from + "-ca", to + "-ca")) : Optional.empty();
    }
}
