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
 * journal names them; the journal holds only what may be told: Service names and digests.
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
        return pending.isEmpty()
                ? Observation.done(context.captured())
                : Observation.todo(pending.getFirst().key().id() + " still names the source");
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
        return facts;
    }

    @Override
    public void apply(StepContext context) {
        for (Change change : world.endpoints().pending()) {
            world.endpoints().write(change.key(), change.after());
        }
    }

    @Override
    public void undo(StepContext context) {
        new EndpointBackup(world, context.attempt()).restore(context.captured());
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
