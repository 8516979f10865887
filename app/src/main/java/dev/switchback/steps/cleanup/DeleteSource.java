package dev.switchback.steps.cleanup;

import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.kube.KubeObject;
import dev.switchback.steps.World;
import dev.switchback.zalando.DeletionRules;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/**
 * Deletes the {@code postgresql} object as its operator wants it, and waits until its pods are
 * gone. What the operator keeps – volumes, if it is set so – is told.
 */
public final class DeleteSource implements Step {
    public static final String ID = "delete-source";

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final World world;

    public DeleteSource(World world) {
        this.world = world;
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String title() {
        return "Delete the source cluster";
    }

    @Override
    public Duration deadline() {
        return PATIENCE;
    }

    @Override
    public Observation observe(StepContext context) {
        if (world.source().exists()) {
            return Observation.todo(
                    world.source().isGoing() ? "the operator is at it" : "the object is there");
        }
        List<KubeObject> pods = world.source().pods();
        if (!pods.isEmpty()) {
            return Observation.todo(
                    "pods are left: "
                            + String.join(", ", pods.stream().map(KubeObject::name).toList())
                            + "; does the operator run, and was the deletion annotated as it asks?");
        }
        List<String> volumes = world.source().volumes().stream().map(KubeObject::name).toList();
        return Observation.done(
                "source",
                "deleted",
                "volumesLeft",
                volumes.isEmpty() ? "none" : String.join(", ", volumes));
    }

    @Override
    public Facts capture(StepContext context) {
        return Facts.of("rules", CheckDeletion.rules(world).words());
    }

    @Override
    public void apply(StepContext context) {
        DeletionRules rules = CheckDeletion.rules(world);
        context.note(rules.words());
        // the operator compares with the day of its own clock, never with a drill's
        LocalDate today = LocalDate.ofInstant(InstantSource.system().instant(), ZoneOffset.UTC);
        world.source().delete(rules, today);
    }
}
