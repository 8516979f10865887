package dev.switchback.steps.link;

import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.engine.UndoAt;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.link.Direction;
import dev.switchback.link.Fenced;
import dev.switchback.link.Link;
import dev.switchback.link.LinkStatus;
import dev.switchback.link.Subscription;
import dev.switchback.steps.Stops;
import dev.switchback.steps.World;

/** Lets the target follow the source, from the slot's position on, without copying again. */
public final class Subscribe implements Step {
    public static final String ID = "subscribe";

    private final World world;

    public Subscribe(World world) {
        this.world = world;
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String title() {
        return "Let the target follow the source";
    }

    @Override
    public UndoAt undoAt() {
        return UndoAt.ABORT;
    }

    @Override
    public Observation observe(StepContext context) throws Exception {
        Facts facts = Facts.NONE;
        for (Link link : links(context).forward()) {
            LinkStatus status = link.status();
            if (status.subscription().filter(Subscription.State::enabled).isEmpty()) {
                return Observation.todo(link.database() + " does not follow");
            }
            facts = facts.with("subscription." + link.database(), link.name());
        }
        return Observation.done(facts);
    }

    @Override
    public void apply(StepContext context) throws Exception {
        Links links = links(context);
        for (Link link : links.forward()) {
            if (!SeedNotes.complete(link)) {
                throw new SwitchbackException(
                        Code.LINK_TABLES,
                        link.name(),
                        "not every published table was copied",
                        "switchback abort, then migrate again");
            }
            link.subscribe(links.conninfo(link), Fenced.NO);
            link.awaitStreaming(new Stops(context));
        }
        context.evidence("publisher", links.address(Direction.FORWARD));
    }

    @Override
    public void undo(StepContext context) throws Exception {
        for (Link link : links(context).forward()) {
            link.dropSubscription(Fenced.NO);
        }
    }

    private Links links(StepContext context) {
        return new Links(world, context.migrationUid(), ID);
    }
}
