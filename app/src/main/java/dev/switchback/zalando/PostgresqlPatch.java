package dev.switchback.zalando;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.kube.Kind;
import dev.switchback.kube.Kube;
import dev.switchback.kube.KubeObject;
import java.util.Optional;
import java.util.function.Function;

/**
 * Our few changes of the {@code postgresql} object: a merge of what differs, refused when somebody
 * changed the object since it was read, and then thought over afresh.
 */
final class PostgresqlPatch {
    private PostgresqlPatch() {}

    static KubeObject object(Kube kube, String namespace, String cluster) {
        return kube.require(
                Kind.POSTGRESQL,
                namespace,
                cluster,
                "kubectl get postgresqls -A, and correct spec.source.zalando");
    }

    /**
     * @param change the merge patch for the object as it is; empty when nothing is to change
     * @throws SwitchbackException KUBE_CONFLICT when others keep changing it
     */
    static void apply(
            Kube kube,
            String namespace,
            String cluster,
            int tries,
            Function<KubeObject, Optional<ObjectNode>> change) {
        for (int attempt = 1; ; attempt++) {
            KubeObject object = object(kube, namespace, cluster);
            Optional<ObjectNode> patch = change.apply(object);
            if (patch.isEmpty()) {
                return;
            }
            patch.get().withObject("metadata").put("resourceVersion", object.resourceVersion());
            try {
                kube.patch(Kind.POSTGRESQL, namespace, cluster, patch.get());
                return;
            } catch (SwitchbackException e) {
                if (e.code() != Code.KUBE_CONFLICT || attempt == tries) {
                    throw e;
                }
            }
        }
    }
}
