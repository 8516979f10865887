package dev.switchback.steps.endpoints;

import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.steps.World;
import java.util.List;

/** On the way back: puts the exact values back that {@link SwitchEndpoints} replaced. */
public final class RestoreEndpoints implements Step {
    private final EndpointBackup backup;
    private final FileSwitch files;
    private final Facts switched;

    /**
     * @param switched what {@link SwitchEndpoints} captured
     * @param attempt the attempt it captured it in
     */
    public RestoreEndpoints(World world, Facts switched, int attempt) {
        this.backup = new EndpointBackup(world, attempt);
        this.files = new FileSwitch(world, attempt);
        this.switched = switched;
    }

    @Override
    public String id() {
        return "return-endpoints";
    }

    @Override
    public String title() {
        return "Point the writers' endpoints at the source again";
    }

    @Override
    public boolean inDowntime() {
        return true;
    }

    @Override
    public Observation observe(StepContext context) {
        List<String> changed = backup.notRestored(switched);
        if (!changed.isEmpty()) {
            return Observation.todo(changed.getFirst() + " does not hold its old value");
        }
        List<String> missing = files.notBack(switched);
        return missing.isEmpty()
                ? Observation.done(switched)
                : Observation.todo(missing.getFirst());
    }

    @Override
    public void apply(StepContext context) throws InterruptedException {
        backup.restore(switched);
        files.back(context, switched, 1);
    }
}
