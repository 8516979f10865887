package dev.switchback.workload;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.kube.Kind;
import dev.switchback.kube.Kube;
import dev.switchback.kube.KubeObject;
import dev.switchback.pg.Secret;
import dev.switchback.spec.Migration;
import dev.switchback.spec.Migration.Place;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The places where writers learn their database: what would change, changing it, and putting the
 * exact previous values back. A place is a ConfigMap or Secret of the document; the CA bundle is
 * one more.
 */
public final class Endpoints {
    private final Kube kube;
    private final Kube targetKube;
    private final Migration migration;
    private final EndpointNames names;

    public Endpoints(Kube kube, Kube targetKube, Migration migration) {
        this.kube = kube;
        this.targetKube = targetKube;
        this.migration = migration;
        this.names =
                new EndpointNames(
                        migration.endpoints().map(),
                        migration.source().namespace(),
                        migration.target().namespace());
    }

    /** One value of one object. */
    public record Key(Place.Kind kind, String namespace, String name, String key) {
        /** Stable text form, for journals: {@code ConfigMap/mastodon/mastodon-database/DB_HOST}. */
        public String id() {
            return kind.word() + "/" + namespace + "/" + name + "/" + key;
        }
    }

    /**
     * One change.
     *
     * @param shownBefore what may be told of the old value: the Service names it holds, or the CA's
     *     digest
     * @param shownAfter the same of the new value
     */
    public record Change(
            Key key, Secret before, Secret after, String shownBefore, String shownAfter) {}

    /** The changes still to make, from a fresh read; empty when every place names the target. */
    public List<Change> pending() {
        List<Change> changes = new ArrayList<>();
        for (Place place : migration.endpoints().in()) {
            for (Map.Entry<String, Secret> value : values(place).entrySet()) {
                String before = value.getValue().reveal();
                if (!names.namesIn(before).isEmpty()) {
                    String after = names.rewrite(before, place.namespace());
                    changes.add(
                            new Change(
                                    new Key(
                                            place.kind(),
                                            place.namespace(),
                                            place.name(),
                                            value.getKey()),
                                    value.getValue(),
                                    Secret.of(after),
                                    String.join(",", names.namesIn(before)),
                                    String.join(
                                            ",",
                                            names.namesIn(before).stream()
                                                    .map(n ->
                                                            migration
                                                                    .endpoints()
                                                                    .map()
                                                                    .getOrDefault(n, n))
                                                    .toList())));
                }
            }
        }
        caChange().ifPresent(changes::add);
        return changes;
    }

    /**
     * Places or keys that the document names and that are not there, or that name no Service of the
     * map.
     */
    public List<Problem> missing() {
        List<Problem> problems = new ArrayList<>();
        for (Place place : migration.endpoints().in()) {
            String object = place.namespace() + "/" + place.name();
            Optional<KubeObject> found =
                    kube.get(kind(place.kind()), place.namespace(), place.name());
            if (found.isEmpty()) {
                problems.add(
                        missing(
                                object,
                                "there is no " + place.kind().word() + " of this name",
                                "spec.endpoints.in"));
                continue;
            }
            Map<String, Secret> all = allValues(place.kind(), found.get());
            for (String key : place.keys()) {
                if (!all.containsKey(key)) {
                    problems.add(
                            missing(
                                    object,
                                    "has no key '" + key + "'",
                                    "spec.endpoints.in[].keys"));
                } else if (!namesSomething(all.get(key))) {
                    problems.add(
                            missing(
                                    object,
                                    "key '" + key + "' names none of the mapped Services",
                                    "spec.endpoints.map"));
                }
            }
            if (place.keys().isEmpty() && all.values().stream().noneMatch(this::namesSomething)) {
                problems.add(
                        missing(
                                object,
                                "no key names one of the mapped Services",
                                "spec.endpoints.map"));
            }
        }
        for (String service : migration.endpoints().map().values()) {
            if (targetKube.get(Kind.SERVICE, migration.target().namespace(), service).isEmpty()) {
                problems.add(
                        missing(
                                migration.target().namespace() + "/" + service,
                                "there is no Service of this name to switch to",
                                "spec.endpoints.map"));
            }
        }
        migration
                .endpoints()
                .ca()
                .ifPresent(ca -> {
                    require(problems, kube, migration.namespace(), ca.secret(), ca.key());
                    require(
                            problems,
                            targetKube,
                            migration.target().namespace(),
                            ca.with(),
                            ca.key());
                });
        return problems;
    }

    private boolean namesSomething(@Nullable Secret value) {
        return value != null
                && (!names.namesIn(value.reveal()).isEmpty() || names.namesTarget(value.reveal()));
    }

    private static void require(
            List<Problem> problems, Kube kube, String namespace, String secret, String key) {
        Optional<KubeObject> found = kube.get(Kind.SECRET, namespace, secret);
        if (found.flatMap(s -> s.secret(key)).isEmpty()) {
            problems.add(
                    missing(
                            namespace + "/" + secret,
                            found.isEmpty()
                                    ? "there is no Secret of this name"
                                    : "has no key '" + key + "'",
                            "spec.endpoints.ca"));
        }
    }

    private static Problem missing(String object, String what, String field) {
        return new Problem(Code.ENDPOINT_MISSING, object, what, "correct " + field);
    }

    /** Writes one value; the rest of the object stays as it is. */
    public void write(Key key, Secret value) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        String encoded =
                key.kind() == Place.Kind.CONFIG_MAP
                        ? value.reveal()
                        : Base64.getEncoder()
                                .encodeToString(value.reveal().getBytes(StandardCharsets.UTF_8));
        patch.putObject("data").put(key.key(), encoded);
        kube.patch(kind(key.kind()), key.namespace(), key.name(), patch);
    }

    /** The value as it is now. */
    public Optional<Secret> read(Key key) {
        return kube.get(kind(key.kind()), key.namespace(), key.name())
                .map(object -> allValues(key.kind(), object))
                .map(values -> values.get(key.key()));
    }

    private Optional<Change> caChange() {
        if (migration.endpoints().ca().isEmpty()) {
            return Optional.empty();
        }
        Migration.Ca ca = migration.endpoints().ca().get();
        Secret before = value(kube, migration.namespace(), ca.secret(), ca.key());
        Secret after = value(targetKube, migration.target().namespace(), ca.with(), ca.key());
        if (before.equals(after)) {
            return Optional.empty();
        }
        Key key = new Key(Place.Kind.SECRET, migration.namespace(), ca.secret(), ca.key());
        return Optional.of(
                new Change(
                        key,
                        before,
                        after,
                        "sha256:" + before.sha256().substring(0, 16),
                        "sha256:" + after.sha256().substring(0, 16)));
    }

    private static Secret value(Kube kube, String namespace, String secret, String key) {
        return kube.require(Kind.SECRET, namespace, secret, "correct spec.endpoints.ca")
                .secret(key)
                .orElseThrow(() ->
                        new SwitchbackException(
                                missing(
                                        namespace + "/" + secret,
                                        "has no key '" + key + "'",
                                        "spec.endpoints.ca")));
    }

    private Map<String, Secret> values(Place place) {
        KubeObject object =
                kube.require(
                        kind(place.kind()),
                        place.namespace(),
                        place.name(),
                        "correct spec.endpoints.in");
        Map<String, Secret> all = allValues(place.kind(), object);
        if (place.keys().isEmpty()) {
            return all;
        }
        Map<String, Secret> some = new LinkedHashMap<>();
        for (String key : place.keys()) {
            Secret value = all.get(key);
            if (value == null) {
                throw new SwitchbackException(
                        missing(
                                object.display(),
                                "has no key '" + key + "'",
                                "spec.endpoints.in[].keys"));
            }
            some.put(key, value);
        }
        return some;
    }

    private static Map<String, Secret> allValues(Place.Kind kind, KubeObject object) {
        Map<String, Secret> values = new LinkedHashMap<>();
        object.data()
                .forEach((key, value) -> {
                    if (kind == Place.Kind.SECRET) {
                        object.secret(key).ifPresent(decoded -> values.put(key, decoded));
                    } else {
                        values.put(key, Secret.of(value));
                    }
                });
        return values;
    }

    private static Kind kind(Place.Kind kind) {
        return kind == Place.Kind.CONFIG_MAP ? Kind.CONFIG_MAP : Kind.SECRET;
    }
}
