package dev.switchback.steps.link;

import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.link.Fenced;
import dev.switchback.link.Link;
import dev.switchback.link.ReplicationRole;
import dev.switchback.pg.Pg;
import dev.switchback.steps.World;
import java.sql.Connection;

/**
 * Takes the forward link away once the target serves: its slot would pin the source's WAL for
 * nothing. The heartbeat's tables stay, the reverse link uses them.
 */
public final class DropForwardLink implements Step {
    public static final String ID = "drop-forward-link";

    private final World world;

    public DropForwardLink(World world) {
        this.world = world;
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String title() {
        return "Take the forward link away";
    }

    @Override
    public Observation observe(StepContext context) throws Exception {
        Links links = links(context);
        for (Link link : links.forward()) {
            if (link.isSubscribed() || link.slot().isPresent() || link.isPublished()) {
                return Observation.todo("the forward link of " + link.database() + " is there");
            }
        }
        try (Connection source = Pg.open(world.source("postgres", ID))) {
            return ReplicationRole.exists(source, links.names().role())
                    ? Observation.todo("its role is there")
                    : Observation.done("forward", "dropped");
        }
    }

    @Override
    public void apply(StepContext context) throws Exception {
        Links links = links(context);
        for (Link link : links.forward()) {
            link.drop(Fenced.NO, Links.FENCED);
        }
        try (Connection source = Pg.open(world.source("postgres", ID))) {
            ReplicationRole.drop(source, links.names().role(), world.databases());
        }
    }

    private Links links(StepContext context) {
        return new Links(world, context.migrationUid(), ID);
    }
}
