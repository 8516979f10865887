package dev.switchback.steps.cleanup;

import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.kube.Kind;
import dev.switchback.kube.KubeObject;
import dev.switchback.pg.Secret;
import dev.switchback.steps.World;
import dev.switchback.steps.endpoints.SwitchEndpoints;
import java.util.ArrayList;
import java.util.List;

/**
 * Deletes what we kept beside the journal: captured values, the watch record. The journal itself
 * stays as the record. The source's CA, which is no secret, is journalled before it goes, so that a
 * later look at the source is still verified.
 */
public final class RemoveKept implements Step {
    public static final String ID = "remove-kept-values";

    /** The fact that holds the CA. */
    public static final String CA = "sourceCa";

    private final World world;

    public RemoveKept(World world) {
        this.world = world;
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String title() {
        return "Delete captured values and the watch record; the journal stays";
    }

    @Override
    public Observation observe(StepContext context) {
        List<KubeObject> left = left();
        return left.isEmpty()
                ? Observation.done("objects", "none but the journal")
                : Observation.todo(
                        String.join(", ", left.stream().map(KubeObject::toString).toList()));
    }

    private List<KubeObject> left() {
        KubernetesTraces traces = new KubernetesTraces(world);
        List<KubeObject> left = new ArrayList<>(traces.own(Kind.SECRET));
        traces.own(Kind.CONFIG_MAP).stream()
                .filter(map -> !map.data().containsKey("journal.json"))
                .forEach(left::add);
        return left;
    }

    @Override
    public void apply(StepContext context) {
        world.captured()
                .find(SwitchEndpoints.SOURCE_CA)
                .map(Secret::reveal)
                .ifPresent(pem -> context.evidence(Facts.of(CA, pem)));
        for (KubeObject object : left()) {
            world.kube().delete(object.kind(), object.namespace(), object.name());
        }
    }
}
