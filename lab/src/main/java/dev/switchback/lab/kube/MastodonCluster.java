package dev.switchback.lab.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The world of the migration guide: namespace {@code mastodon} with a Zalando cluster {@code
 * mastodon-postgresql}, a CloudNativePG cluster {@code database} and the five Deployments of a
 * Mastodon that uses the first. A test takes objects out or alters them, then creates the rest.
 */
public final class MastodonCluster {
    public static final String NAMESPACE = "mastodon";
    public static final String SOURCE = "mastodon-postgresql";
    public static final String TARGET = "database";

    private final List<HasMetadata> objects = new ArrayList<>();

    public MastodonCluster(Databases databases) {
        objects.add(
                new NamespaceBuilder().withNewMetadata().withName(NAMESPACE).endMetadata().build());
        objects.addAll(ZalandoObjects.of(databases));
        objects.addAll(CnpgObjects.of(databases));
        objects.addAll(MastodonObjects.of(databases));
    }

    /** What will be created, in this order; the list may be changed. */
    public List<HasMetadata> objects() {
        return objects;
    }

    /** Leaves one object out; the kind as in {@code Deployment}. */
    public MastodonCluster without(String kind, String name) {
        if (!objects.removeIf(object -> is(object, kind, name))) {
            throw new IllegalArgumentException("no " + kind + " " + name);
        }
        return this;
    }

    /** Alters one object; the function may change and return its argument. */
    public <T extends HasMetadata> MastodonCluster with(
            Class<T> type, String kind, String name, UnaryOperator<T> change) {
        T object =
                objects.stream()
                        .filter(candidate -> is(candidate, kind, name))
                        .map(type::cast)
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("no " + kind + " " + name));
        objects.set(objects.indexOf(object), change.apply(object));
        return this;
    }

    /** Creates the objects, with the status they carry. */
    public void create(FakeKube kube) {
        ClusterObjects cluster = kube.objects();
        objects.forEach(cluster::load);
    }

    private static boolean is(HasMetadata object, String kind, String name) {
        return object.getKind().equals(kind) && object.getMetadata().getName().equals(name);
    }
}
