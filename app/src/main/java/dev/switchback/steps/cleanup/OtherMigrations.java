package dev.switchback.steps.cleanup;

import dev.switchback.engine.Journal;
import dev.switchback.kube.Kind;
import dev.switchback.link.LinkNames;
import dev.switchback.steps.World;
import dev.switchback.store.cluster.ClusterJournal;
import java.util.LinkedHashMap;
import java.util.Map;

/** Migrations whose journals lie in our namespace beside ours. */
final class OtherMigrations {
    private static final Map<String, String> OURS =
            Map.of("app.kubernetes.io/managed-by", "switchback");

    private OtherMigrations() {}

    /** What the names of their links begin with, to the migration's name. */
    static Map<String, String> roles(World world) {
        Map<String, String> roles = new LinkedHashMap<>();
        String namespace = world.migration().namespace();
        world.kube().list(Kind.CONFIG_MAP, namespace, OURS).stream()
                .filter(map -> map.data().containsKey("journal.json"))
                .flatMap(map -> map.label("app.kubernetes.io/instance").stream())
                .filter(name -> !name.equals(world.migration().name()))
                .forEach(name ->
                        new ClusterJournal(world.kube(), namespace, name)
                                .read()
                                .map(Journal.Stored::state)
                                .ifPresent(state ->
                                        roles.put(LinkNames.of(state.uid()).role(), name)));
        return roles;
    }
}
