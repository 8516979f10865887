package dev.switchback.steps.link;

import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.link.Heartbeat;
import dev.switchback.link.Link;
import dev.switchback.link.ReplicationRole;
import dev.switchback.pg.Pg;
import dev.switchback.steps.World;
import java.sql.Connection;

/** Takes the reverse link away once the source serves again. */
public final class DropReverseLink implements Step {
    private final World world;

    public DropReverseLink(World world) {
        this.world = world;
    }

    @Override
    public String id() {
        return "drop-reverse-link";
    }

    @Override
    public String title() {
        return "Take the reverse link away";
    }

    @Override
    public Observation observe(StepContext context) throws Exception {
        Links links = links(context);
        for (Link link : links.reverse()) {
            if (link.isSubscribed() || link.slot().isPresent() || link.isPublished()) {
                return Observation.todo("the reverse link of " + link.database() + " is there");
            }
            try (Connection source = Pg.open(link.subscriber())) {
                if (Heartbeat.exists(source)) {
                    return Observation.todo("the heartbeat of " + link.database() + " is there");
                }
            }
        }
        try (Connection target = Pg.open(world.target("postgres", id()))) {
            return ReplicationRole.exists(target, links.names().role())
                    ? Observation.todo("its role is there")
                    : Observation.done("reverse", "dropped");
        }
    }

    @Override
    public void apply(StepContext context) throws Exception {
        CreateReverseLink.remove(world, links(context));
    }

    /**
     * The same outside a run, once a person gave the way back up: the target's slot would keep WAL
     * for a source that nobody returns to.
     */
    public static void now(World world, String migrationUid) throws Exception {
        CreateReverseLink.remove(world, new Links(world, migrationUid, "close-rollback"));
    }

    private Links links(StepContext context) {
        return new Links(world, context.migrationUid(), id());
    }
}
