package dev.switchback.steps.endpoints;

import dev.switchback.engine.Facts;
import dev.switchback.pg.Secret;
import dev.switchback.spec.Migration.Place;
import dev.switchback.steps.World;
import dev.switchback.workload.Endpoints;
import dev.switchback.workload.Endpoints.Change;
import java.util.List;
import java.util.stream.Stream;

/** The exact old values of one attempt's endpoints, in our Secret, and putting them back. */
final class EndpointBackup {
    private final World world;
    private final int attempt;

    EndpointBackup(World world, int attempt) {
        this.world = world;
        this.attempt = attempt;
    }

    void keep(Change change) {
        world.captured().keep(stored(change.key()), change.before());
    }

    /** Keys of a capture whose value is not the old one. */
    List<String> notRestored(Facts captured) {
        return captured.values().keySet().stream()
                .filter(EndpointBackup::isObject)
                .filter(id -> !restored(parse(id)))
                .toList();
    }

    void restore(Facts captured) {
        for (String id : notRestored(captured)) {
            Endpoints.Key key = parse(id);
            world.endpoints().write(key, before(key));
        }
    }

    /** Files and writers are captured beside the objects. */
    private static boolean isObject(String id) {
        return Stream.of(Place.Kind.values()).anyMatch(kind -> id.startsWith(kind.word() + "/"));
    }

    private boolean restored(Endpoints.Key key) {
        return world.endpoints().read(key).filter(before(key)::equals).isPresent();
    }

    private Secret before(Endpoints.Key key) {
        return world.captured().require(stored(key));
    }

    private String stored(Endpoints.Key key) {
        return "a" + attempt + "." + key.id().replace('/', '.');
    }

    /**
     * The inverse of {@link Endpoints.Key#id}; namespaces and names hold no slash, keys of a
     * ConfigMap or Secret neither.
     */
    private static Endpoints.Key parse(String id) {
        String[] parts = id.split("/", 4);
        Place.Kind kind =
                parts[0].equals(Place.Kind.CONFIG_MAP.word())
                        ? Place.Kind.CONFIG_MAP
                        : Place.Kind.SECRET;
        return new Endpoints.Key(kind, parts[1], parts[2], parts[3]);
    }
}
