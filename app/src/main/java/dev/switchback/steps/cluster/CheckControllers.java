package dev.switchback.steps.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.kube.Kind;
import dev.switchback.kube.KubeObject;
import dev.switchback.spec.Migration.Place;
import dev.switchback.spec.Migration.WriterRef;
import dev.switchback.steps.Chapter;
import dev.switchback.steps.Check;
import dev.switchback.steps.Findings;
import dev.switchback.steps.World;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Nobody puts our changes back: Flux or Argo CD the replicas of a writer or the values of an
 * endpoint, an autoscaler the replicas, another operator an object that it owns.
 */
public final class CheckControllers extends Check {
    private static final String FLUX = "kustomize.toolkit.fluxcd.io/";
    private static final String WRITER_WHY =
            "it starts the writer again while the data is being moved, and the run has to give up";
    private static final String ENDPOINT_WHY =
            "it puts the old endpoint back: the writers' next pods ask the closed source";

    public CheckControllers(World world) {
        super(
                world,
                Chapter.INFRASTRUCTURE,
                "check-controllers",
                "Find the controllers that would put our changes back");
    }

    @Override
    protected void look(StepContext context, Findings findings) {
        int looked = 0;
        for (WriterRef ref : world.writers().refs()) {
            Kind kind =
                    switch (ref.kind()) {
                        case DEPLOYMENT -> Kind.DEPLOYMENT;
                        case STATEFULSET -> Kind.STATEFUL_SET;
                        case CRONJOB -> Kind.CRON_JOB;
                    };
            String field = kind == Kind.CRON_JOB ? "f:suspend" : "f:replicas";
            Optional<KubeObject> object = world.kube().get(kind, ref.namespace(), ref.name());
            if (object.isPresent()) {
                controllers(object.get(), List.of("f:spec", field), WRITER_WHY, findings);
                autoscalers(kind, ref, findings);
                looked++;
            }
        }
        for (Place place : world.migration().endpoints().in()) {
            Kind kind = place.kind() == Place.Kind.CONFIG_MAP ? Kind.CONFIG_MAP : Kind.SECRET;
            Optional<KubeObject> object = world.kube().get(kind, place.namespace(), place.name());
            if (object.isPresent()) {
                controllers(object.get(), List.of("f:data"), ENDPOINT_WHY, findings);
                looked++;
            }
        }
        findings.saw("objects", String.valueOf(looked));
    }

    private void controllers(KubeObject object, List<String> field, String why, Findings findings) {
        Optional<String> kustomization = object.label(FLUX + "name");
        if (kustomization.isPresent()
                && object.annotation(FLUX + "reconcile").filter("disabled"::equals).isEmpty()
                && manages(object, "kustomize-controller", field)) {
            flux(object, kustomization.get(), why, findings);
        }
        object.label("helm.toolkit.fluxcd.io/name")
                .ifPresent(release ->
                        findings.warn(
                                reverts(
                                        object,
                                        "belongs to Flux's HelmRelease " + release,
                                        "flux suspend helmrelease "
                                                + release
                                                + " -n "
                                                + object.label("helm.toolkit.fluxcd.io/namespace")
                                                        .orElse(object.namespace())
                                                + ", at least while drift detection is on",
                                        why)));
        object.annotation("argocd.argoproj.io/tracking-id")
                .map(id -> id.replaceFirst(":.*", ""))
                .or(() -> object.label("argocd.argoproj.io/instance"))
                .filter(app -> manages(object, "argocd-controller", field))
                .ifPresent(app ->
                        findings.block(
                                reverts(
                                        object,
                                        "is synchronized by Argo CD's Application " + app,
                                        "argocd app set "
                                                + app
                                                + " --sync-policy none, until the migration is over",
                                        why)));
        for (JsonNode owner : object.json().path("metadata").path("ownerReferences")) {
            if (owner.path("controller").asBoolean(false)) {
                findings.block(
                        reverts(
                                object,
                                "is owned by "
                                        + owner.path("kind").asText()
                                        + "/"
                                        + owner.path("name").asText(),
                                "pause that controller, or change the object it makes this from",
                                why));
            }
        }
    }

    private void flux(KubeObject object, String name, String why, Findings findings) {
        String namespace = object.label(FLUX + "namespace").orElse("flux-system");
        boolean readable =
                world.kube()
                        .allowed(
                                "get",
                                Kind.FLUX_KUSTOMIZATION.group(),
                                Kind.FLUX_KUSTOMIZATION.plural(),
                                "",
                                namespace);
        if (readable
                && world.kube()
                        .get(Kind.FLUX_KUSTOMIZATION, namespace, name)
                        .filter(k -> k.spec().path("suspend").asBoolean(false))
                        .isPresent()) {
            return;
        }
        findings.block(
                reverts(
                        object,
                        "is applied again and again by Flux's Kustomization "
                                + namespace
                                + "/"
                                + name
                                + (readable
                                        ? ", which is not suspended"
                                        : "; whether it is suspended we may not read"),
                        "flux suspend kustomization "
                                + name
                                + " -n "
                                + namespace
                                + (readable
                                        ? ""
                                        : ", and grant us get of kustomizations there or accept this"
                                                + " in spec.overrides"),
                        why));
    }

    /** Whether a field manager owns the field; without records of ownership it may. */
    private static boolean manages(KubeObject object, String manager, List<String> field) {
        JsonNode managers = object.json().path("metadata").path("managedFields");
        if (managers.isEmpty()) {
            return true;
        }
        for (JsonNode entry : managers) {
            if (entry.path("manager").asText().contains(manager)) {
                JsonNode fields = entry.path("fieldsV1");
                for (String part : field) {
                    fields = fields.path(part);
                }
                if (!fields.isMissingNode()) {
                    return true;
                }
            }
        }
        return false;
    }

    private void autoscalers(Kind kind, WriterRef ref, Findings findings) {
        for (KubeObject scaler : world.kube().list(Kind.AUTOSCALER, ref.namespace(), Map.of())) {
            JsonNode target = scaler.spec().path("scaleTargetRef");
            if (!target.path("kind").asText().equals(kind.kind())
                    || !target.path("name").asText().equals(ref.name())) {
                continue;
            }
            Optional<String> keda =
                    scaler.owners().stream().filter(o -> o.startsWith("ScaledObject/")).findFirst();
            if (keda.isPresent()) {
                String name = keda.get().replaceFirst(".*/", "");
                findings.block(
                        reverts(
                                scaler,
                                "KEDA's " + keda.get() + " scales " + ref,
                                "kubectl annotate scaledobject "
                                        + name
                                        + " -n "
                                        + ref.namespace()
                                        + " autoscaling.keda.sh/paused=true",
                                WRITER_WHY + ": KEDA scales up from 0"));
            } else {
                findings.warn(
                        reverts(
                                scaler,
                                "scales " + ref,
                                "nothing, if it may: an autoscaler rests while its target has 0 replicas",
                                "the number of replicas after the migration may be another"));
            }
        }
    }

    private static Problem reverts(KubeObject object, String what, String remedy, String why) {
        return new Problem(Code.CONTROLLER_REVERTS, object.display(), what, remedy, why);
    }
}
