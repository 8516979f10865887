package dev.switchback.lab.kube;

/**
 * A change about to be made, authorized already.
 *
 * @param resource the plural, as in {@code configmaps}
 * @param name empty when the object is being created: then it is in the body
 */
public record Mutation(
        String method,
        String path,
        String namespace,
        String resource,
        String name,
        String subresource,
        String user,
        String body) {

    static Mutation of(String method, String uri, ApiPath path, String user, String body) {
        return new Mutation(
                method,
                uri,
                path.namespace(),
                path.resource(),
                path.name(),
                path.subresource(),
                user,
                body);
    }

    /** Whether it touches this object, by its path or, when created, by its body. */
    public boolean touches(String plural, String objectName) {
        return resource.equals(plural) && (name.isEmpty() ? nameInBody() : name).equals(objectName);
    }

    private String nameInBody() {
        return Patches.read(body).at("/metadata/name").asText();
    }

    /** Without the body, which may hold a Secret. */
    @Override
    public String toString() {
        return method + " " + path + " by " + user;
    }
}
