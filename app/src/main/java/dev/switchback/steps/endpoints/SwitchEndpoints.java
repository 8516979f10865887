package dev.switchback.steps.endpoints;

import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.engine.UndoAt;
import dev.switchback.spec.Migration.Place;
import dev.switchback.steps.World;
import dev.switchback.workload.Endpoints;
import dev.switchback.workload.Endpoints.Change;
import java.util.List;

/**
 * Points every endpoint at the target. The exact old values are kept in our Secret before the
 * journal names them; the journal holds only what may be told: Service names and digests. Endpoints
 * in files under Git: {@link FileSwitch}.
 */
public final class SwitchEndpoints implements Step {
    public static final String ID = "switch-endpoints";

    /**
     * Name under which the source's CA is kept, because the writers' bundle stops holding it here.
     */
    public static final String SOURCE_CA = "source-ca";

    private final World world;

    public SwitchEndpoints(World world) {
        this.world = world;
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String title() {
        return "Point the writers' endpoints at the target";
    }

    @Override
    public boolean inDowntime() {
        return true;
    }

    @Override
    public UndoAt undoAt() {
        return UndoAt.RELEASE_FIRST;
    }

    @Override
    public Observation observe(StepContext context) {
        List<Change> pending = world.endpoints().pending();
        if (!pending.isEmpty()) {
            return Observation.todo(pending.getFirst().key().id() + " still names the source");
        }
        List<String> missing = new FileSwitch(world, context.attempt()).missing(context.captured());
        return missing.isEmpty()
                ? Observation.done(context.captured())
                : Observation.todo(missing.getFirst());
    }

    @Override
    public Facts capture(StepContext context) {
        EndpointBackup backup = new EndpointBackup(world, context.attempt());
        Facts facts = Facts.NONE;
        for (Change change : world.endpoints().pending()) {
            backup.keep(change);
            if (isCa(change.key())) {
                world.captured().renew(SOURCE_CA, change.before());
            }
            facts =
                    facts.with(
                            change.key().id(), change.shownBefore() + " -> " + change.shownAfter());
        }
        return facts.with(new FileSwitch(world, context.attempt()).capture());
    }

    @Override
    public void apply(StepContext context) throws InterruptedException {
        for (Change change : world.endpoints().pending()) {
            world.endpoints().write(change.key(), change.after());
        }
        new FileSwitch(world, context.attempt()).forward(context);
    }

    @Override
    public void undo(StepContext context) throws InterruptedException {
        new EndpointBackup(world, context.attempt()).restore(context.captured());
        new FileSwitch(world, context.attempt())
                .back(context, context.captured(), FileSwitch.undoTries());
    }

    private boolean isCa(Endpoints.Key key) {
        return key.kind() == Place.Kind.SECRET
                && world.migration()
                        .endpoints()
                        .ca()
                        .filter(ca -> ca.secret().equals(key.name()) && ca.key().equals(key.key()))
                        .isPresent();
    }
}
