package dev.switchback.steps.cleanup;

import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.kube.KubeObject;
import dev.switchback.spec.Migration;
import dev.switchback.steps.Chapter;
import dev.switchback.steps.Check;
import dev.switchback.steps.Findings;
import dev.switchback.steps.World;
import dev.switchback.zalando.DeletionRules;
import java.util.List;
import java.util.Optional;

/** What the operator does when the source is deleted is understood, and nobody makes it again. */
public final class CheckDeletion extends Check {
    public CheckDeletion(World world) {
        super(
                world,
                Chapter.CLEANUP,
                "check-deletion",
                "What deleting the source removes is understood, and nothing makes it again");
    }

    static DeletionRules rules(World world) {
        Migration migration = world.migration();
        return DeletionRules.read(
                world.kube(),
                migration.cleanup().operatorNamespace().orElse(migration.source().namespace()),
                migration.cleanup().operatorConfiguration());
    }

    @Override
    protected void look(StepContext context, Findings findings) {
        if (!world.source().exists()) {
            findings.saw("source", "deleted");
            return;
        }
        DeletionRules rules = rules(world);
        findings.saw("rules", rules.words());
        List<String> volumes = world.source().volumes().stream().map(KubeObject::name).toList();
        findings.saw("volumes", String.join(", ", volumes));
        controller(world.source().object())
                .ifPresent(who ->
                        findings.block(
                                new Problem(
                                        Code.SOURCE_RECREATED,
                                        world.source().display(),
                                        who + " would make the object again",
                                        "take it out of Git first, and let it be reconciled",
                                        "an empty cluster of the same name would come up")));
    }

    private static Optional<String> controller(KubeObject object) {
        return object.label("kustomize.toolkit.fluxcd.io/name")
                .map(name -> "Flux (Kustomization " + name + ")")
                .or(() ->
                        object.label("helm.toolkit.fluxcd.io/name")
                                .map(name -> "Flux (HelmRelease " + name + ")"))
                .or(() ->
                        object.annotation("argocd.argoproj.io/tracking-id")
                                .map(id -> "Argo CD (" + id + ")"));
    }
}
