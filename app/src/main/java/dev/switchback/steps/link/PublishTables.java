package dev.switchback.steps.link;

import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.engine.UndoAt;
import dev.switchback.link.Heartbeat;
import dev.switchback.link.Link;
import dev.switchback.link.Publication;
import dev.switchback.pg.Pg;
import dev.switchback.pg.TableId;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.util.Set;

/**
 * Publishes every table of the source, complete before the slot exists: a table that is added later
 * would need its rows again.
 */
public final class PublishTables implements Step {
    public static final String ID = "publish-tables";

    private final World world;

    public PublishTables(World world) {
        this.world = world;
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String title() {
        return "Publish every table of the source";
    }

    @Override
    public UndoAt undoAt() {
        return UndoAt.ABORT;
    }

    @Override
    public Observation observe(StepContext context) throws Exception {
        Facts facts = Facts.NONE;
        for (Link link : links(context).forward()) {
            if (!link.isPublished()) {
                return Observation.todo(link.database() + " is not published");
            }
            Set<TableId> wanted = publishable(link);
            Set<TableId> published = link.published();
            // a table that came or went after the slot exists is drift, and not mended here
            if (!published.equals(wanted) && link.slot().isEmpty()) {
                return Observation.todo(
                        link.database()
                                + ": "
                                + published.size()
                                + " of "
                                + wanted.size()
                                + " tables are published");
            }
            facts = facts.with("published." + link.database(), String.valueOf(published.size()));
        }
        return Observation.done(facts);
    }

    @Override
    public void apply(StepContext context) throws Exception {
        for (Link link : links(context).forward()) {
            link.publish(publishable(link));
        }
    }

    private Set<TableId> publishable(Link link) throws Exception {
        try (Connection source = Pg.open(link.publisher())) {
            return Publication.publishable(source, world.exclusions());
        }
    }

    @Override
    public void undo(StepContext context) throws Exception {
        for (Link link : links(context).forward()) {
            link.dropPublished(Links.FENCED);
            try (Connection source = Pg.open(link.publisher())) {
                Heartbeat.drop(source, Links.FENCED);
            }
        }
    }

    private Links links(StepContext context) {
        return new Links(world, context.migrationUid(), ID);
    }
}
