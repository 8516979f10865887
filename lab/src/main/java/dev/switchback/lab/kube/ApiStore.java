package dev.switchback.lab.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.crud.AttributeSet;
import io.fabric8.mockwebserver.http.MockResponse;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The objects of the cluster: the mock server's map, selectors and watches, with writes that behave
 * as a real API server's.
 *
 * <p>Every write ends in {@link #put}: the next version of the object is worked out first, from
 * whatever the request was (PUT, one of four kinds of patch, a scale, a status), then
 *
 * <ol>
 *   <li>a stale {@code resourceVersion} or foreign {@code uid} is a 409;
 *   <li>the server's own metadata is kept whatever the caller sent;
 *   <li>{@code status} changes through its subresource only, where there is one;
 *   <li>{@code generation} rises when anything but metadata and status changed;
 *   <li>an unchanged object keeps its resourceVersion, and {@code dryRun=All} ends here.
 * </ol>
 *
 * Invariant: all of it happens under the mock's own write lock, so readers and watchers see each
 * version once and two writers of one version cannot both win.
 */
final class ApiStore extends KubernetesCrudDispatcher {
    private final AtomicLong revision = new AtomicLong();

    /** What each deleted object was at its end, as a watcher is told. */
    private final Map<String, ObjectNode> last = new ConcurrentHashMap<>();

    private final Lock writing;
    private @Nullable Lock seen;

    ApiStore() {
        // the mock hands its write lock to locked() on the way into every deletion
        super.handleDelete("/api/v1/nodes/none");
        writing = seen == null ? new ReentrantLock() : seen;
    }

    @Override
    protected void locked(Lock lock) {
        if (seen == null) {
            seen = lock;
        }
    }

    /** Rises with every change; equal values mean that nothing changed in between. */
    long revision() {
        return revision.get();
    }

    Answer get(ApiPath path, String uri) {
        if (path.query().getOrDefault("labelSelector", "").contains(" in (")
                || path.query().getOrDefault("labelSelector", "").contains(" notin (")) {
            return Answer.badRequest(path, "the lab does not know set-based selectors");
        }
        if (path.name().isEmpty()) {
            MockResponse list = handleGet(uri);
            return new Answer(list.code(), Patches.read(list.getBody().readUtf8()));
        }
        return find(path)
                .map(object -> path.subresource().equals("scale") ? Scale.of(object) : object)
                .map(object -> new Answer(200, object))
                .orElseGet(() -> Answer.notFound(path));
    }

    Optional<ObjectNode> find(ApiPath path) {
        MockResponse found = handleGet(path.item());
        return found.code() == 200
                ? Optional.of((ObjectNode) Patches.read(found.getBody().readUtf8()))
                : Optional.empty();
    }

    Answer create(ApiPath collection, JsonNode body) {
        ObjectNode next = ((ObjectNode) body).deepCopy();
        ObjectNode metadata = NewObject.metadata(next, collection);
        String name = metadata.path("name").asText();
        ApiPath path = collection.named(name);
        String namespace = metadata.path("namespace").asText();
        if (name.isEmpty()) {
            return Answer.invalid(path, "metadata.name: Required value: name or generateName");
        }
        if (!namespace.equals(path.namespace())) {
            return Answer.badRequest(
                    path,
                    "the namespace of the provided object does not match the namespace sent on the request");
        }
        writing.lock();
        try {
            if (entry(path) != null) {
                return Answer.alreadyExists(path);
            }
            if (NewObject.isTooLarge(next, path)) {
                return Answer.invalid(path, NewObject.TOO_LARGE);
            }
            if (!path.isDryRun()) {
                store(path, null, next);
            }
            return new Answer(201, next);
        } finally {
            writing.unlock();
        }
    }

    Answer replace(ApiPath path, JsonNode body) {
        return change(
                path, current -> Scale.requested(path) ? Scale.onto(current, body) : put(body));
    }

    /** Server-side apply creates what is not there; the other patches need an object. */
    Answer patch(ApiPath path, String contentType, String body) {
        writing.lock();
        try {
            if (contentType.equals(Patches.APPLY) && entry(path) == null) {
                ObjectNode object = (ObjectNode) Patches.read(body);
                object.withObject("/metadata").put("name", path.name());
                return create(path.named(""), object);
            }
            return change(
                    path,
                    current -> {
                        boolean scale = Scale.requested(path);
                        ObjectNode patched =
                                Patches.apply(
                                        contentType,
                                        scale ? Scale.of(current) : current,
                                        body,
                                        Kind.CUSTOM_GROUPS.contains(path.group()));
                        return scale ? Scale.onto(current, patched) : put(patched);
                    });
        } finally {
            writing.unlock();
        }
    }

    private static ObjectNode put(JsonNode body) {
        return ((ObjectNode) body).deepCopy();
    }

    private Answer change(ApiPath path, Function<ObjectNode, ObjectNode> change) {
        writing.lock();
        try {
            Map.@Nullable Entry<AttributeSet, String> entry = entry(path);
            if (entry == null) {
                return Answer.notFound(path);
            }
            ObjectNode current = (ObjectNode) Patches.read(entry.getValue());
            ObjectNode next = change.apply(current);
            JsonNode sent = next.path("metadata");
            if (isStale(current, sent, "resourceVersion") || isStale(current, sent, "uid")) {
                return Answer.conflict(path);
            }
            if (!sent.path("name").asText(path.name()).equals(path.name())) {
                return Answer.badRequest(
                        path, "the name of the object does not match the name on the URL");
            }
            ObjectNode whole = NewVersion.of(path, current, next);
            if (NewObject.isTooLarge(whole, path)) {
                return Answer.invalid(path, NewObject.TOO_LARGE);
            }
            if (!whole.equals(current) && !path.isDryRun()) {
                store(path, entry.getKey(), whole);
            }
            return new Answer(200, Scale.requested(path) ? Scale.of(whole) : whole);
        } catch (UnsupportedOperationException e) {
            return Answer.failure(
                    415, "UnsupportedMediaType", path, Objects.toString(e.getMessage()));
        } catch (IllegalArgumentException e) {
            return Answer.invalid(path, Objects.toString(e.getMessage()));
        } finally {
            writing.unlock();
        }
    }

    /** Removes the object, or marks it when finalizers or a running pod hold it. */
    Optional<ObjectNode> lastOf(ApiPath path) {
        return Optional.ofNullable(last.get(tomb(path)));
    }

    private static String tomb(ApiPath path) {
        return path.group() + "/" + path.resource() + "/" + path.namespace() + "/" + path.name();
    }

    Answer delete(ApiPath path, JsonNode options) {
        writing.lock();
        try {
            Map.@Nullable Entry<AttributeSet, String> entry = entry(path);
            if (entry == null) {
                return Answer.notFound(path);
            }
            ObjectNode current = (ObjectNode) Patches.read(entry.getValue());
            JsonNode conditions = options.path("preconditions");
            if (isStale(current, conditions, "resourceVersion")
                    || isStale(current, conditions, "uid")) {
                return Answer.conflict(path);
            }
            long grace = Grace.of(path, options, current);
            if (path.isDryRun()) {
                return new Answer(200, current);
            }
            if (grace > 0 || !current.at("/metadata/finalizers").isEmpty()) {
                ObjectNode metadata = (ObjectNode) current.path("metadata");
                if (!metadata.has("deletionTimestamp")) {
                    metadata.put("deletionTimestamp", now(grace));
                    metadata.put("deletionGracePeriodSeconds", grace);
                    store(path, entry.getKey(), current);
                }
                return new Answer(200, current);
            }
            last.put(tomb(path), current);
            store(path, entry.getKey(), null);
            return Answer.deleted(path, current.at("/metadata/uid").asText());
        } finally {
            writing.unlock();
        }
    }

    private static boolean isStale(ObjectNode current, JsonNode sent, String member) {
        String value = sent.path(member).asText("");
        return !value.isEmpty() && !value.equals(current.path("metadata").path(member).asText());
    }

    private Map.@Nullable Entry<AttributeSet, String> entry(ApiPath path) {
        return findResource(getKey(path.item()));
    }

    /** Gives the version its number and keeps it; null removes the object. */
    private void store(ApiPath path, @Nullable AttributeSet old, @Nullable ObjectNode next) {
        @Nullable GenericKubernetesResource resource = null;
        @Nullable String text = null;
        if (next != null) {
            ((ObjectNode) next.path("metadata"))
                    .put("resourceVersion", String.valueOf(requestResourceVersion()));
            JsonNode metadata = next.path("metadata");
            if (metadata.has("deletionTimestamp")
                    && metadata.path("finalizers").isEmpty()
                    && metadata.path("deletionGracePeriodSeconds").asLong() == 0) {
                next = null; // the last finalizer went
            }
        }
        if (next != null) {
            text = next.toString();
            resource = Serialization.unmarshal(text, GenericKubernetesResource.class);
        }
        processEvent(path.item(), getKey(path.item()), old, resource, text);
        revision.incrementAndGet();
    }

    /** As the API server writes times. */
    static String now(long plusSeconds) {
        return Instant.now().plusSeconds(plusSeconds).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    static String newUid() {
        return UUID.randomUUID().toString();
    }
}
