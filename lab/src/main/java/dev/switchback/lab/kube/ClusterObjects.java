package dev.switchback.lab.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The objects of the cluster as a controller inside it uses them: without HTTP and unlogged. */
final class ClusterObjects {
    private final ApiStore store;

    ClusterObjects(ApiStore store) {
        this.store = store;
    }

    long revision() {
        return store.revision();
    }

    <T extends HasMetadata> List<T> list(Kind<T> kind) {
        ApiPath path = kind.in("");
        List<T> objects = new ArrayList<>();
        store.get(path, path.collection())
                .body()
                .path("items")
                .forEach(item -> objects.add(typed(item, kind)));
        return objects;
    }

    <T extends HasMetadata> Optional<T> find(Kind<T> kind, String namespace, String name) {
        return store.find(kind.in(namespace).named(name)).map(node -> typed(node, kind));
    }

    /** A deleted object as it was at its end, which is what a watcher is told. */
    <T extends HasMetadata> Optional<T> lastOf(Kind<T> kind, String namespace, String name) {
        return store.lastOf(kind.in(namespace).named(name)).map(node -> typed(node, kind));
    }

    /** Creates the object; one that is there already stays as it is. */
    void create(HasMetadata object) {
        store.create(Kind.pathOf(object).named(""), tree(object));
    }

    /** Creates the object with the status it carries, as its controller would have set it. */
    void load(HasMetadata object) {
        Answer created = store.create(Kind.pathOf(object).named(""), tree(object));
        if (!created.isSuccess()) {
            throw new IllegalStateException(
                    object.getKind()
                            + " "
                            + object.getMetadata().getName()
                            + ": "
                            + created.body().path("message").asText());
        }
        if (tree(object).has("status")) {
            updateStatus(object);
        }
    }

    /** Whether the version the caller had read was still current. */
    boolean update(HasMetadata object) {
        return store.replace(Kind.pathOf(object), tree(object)).isSuccess();
    }

    /** Whatever version the caller had read: nobody else writes this status. */
    void updateStatus(HasMetadata object) {
        ApiPath path = Kind.pathOf(object);
        ObjectNode body = (ObjectNode) tree(object);
        body.withObject("/metadata").remove("resourceVersion");
        store.replace(
                new ApiPath(
                        path.group(),
                        path.version(),
                        path.namespace(),
                        path.resource(),
                        path.name(),
                        "status",
                        path.query()),
                body);
    }

    /** As anybody deletes it: a pod is given its grace. */
    void delete(HasMetadata object) {
        store.delete(Kind.pathOf(object), JsonNodeFactory.instance.objectNode());
    }

    /** At once, as a kubelet removes a pod whose containers have ended. */
    void remove(HasMetadata object) {
        store.delete(
                Kind.pathOf(object),
                JsonNodeFactory.instance.objectNode().put("gracePeriodSeconds", 0));
    }

    private static <T> T typed(JsonNode node, Kind<? extends T> kind) {
        return Serialization.unmarshal(node.toString(), kind.type());
    }

    private static JsonNode tree(HasMetadata object) {
        return Patches.read(Serialization.asJson(object));
    }
}
