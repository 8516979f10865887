package dev.switchback.steps.cleanup;

import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.fence.Fence;
import dev.switchback.link.Heartbeat;
import dev.switchback.link.Link;
import dev.switchback.link.ReplicationRole;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Pg;
import dev.switchback.steps.World;
import dev.switchback.steps.link.Links;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Takes both links away, with everything that belongs to them on both sides: subscriptions, slots,
 * publications, roles, heartbeats. From here on no way back carries data.
 */
public final class DropLinks implements Step {
    public static final String ID = "drop-links";

    private final World world;

    public DropLinks(World world) {
        this.world = world;
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String title() {
        return "Take the links away, and with them the way back with data";
    }

    @Override
    public Observation observe(StepContext context) throws Exception {
        String role = links(context).names().role();
        List<String> found = new ArrayList<>();
        for (ServerTraces side : sides()) {
            side.server().stream()
                    .filter(t -> t.name().startsWith(role))
                    .forEach(t -> found.add(t.words()));
            for (String database : world.databases()) {
                side.in(database, Set.of("publication", "table")).stream()
                        .filter(t ->
                                t.startsWith("publication " + role)
                                        || t.equals("table " + "switchback.heartbeat"))
                        .forEach(t -> found.add(side.side() + " " + database + ": " + t));
            }
        }
        return found.isEmpty()
                ? Observation.done("links", "none")
                : Observation.todo(String.join(", ", found));
    }

    @Override
    public void apply(StepContext context) throws Exception {
        Links links = links(context);
        for (String database : world.databases()) {
            for (Link link : List.of(links.reverse(database), links.forward(database))) {
                link.drop(Fence::past, Fence::past);
            }
            for (ConnectionSpec side :
                    List.of(world.source(database, ID), world.target(database, ID))) {
                try (Connection session = Pg.open(side)) {
                    Heartbeat.drop(session, Fence::past);
                }
            }
        }
        for (ConnectionSpec side :
                List.of(world.source("postgres", ID), world.target("postgres", ID))) {
            try (Connection session = Pg.open(side)) {
                ReplicationRole.drop(session, links.names().role(), world.databases());
            }
        }
    }

    private List<ServerTraces> sides() {
        return List.of(
                new ServerTraces(Trace.SOURCE, world.source("postgres", ID)),
                new ServerTraces(Trace.TARGET, world.targetReader("postgres", ID)));
    }

    private Links links(StepContext context) {
        return new Links(world, context.migrationUid(), ID);
    }

    @Override
    public Facts capture(StepContext context) {
        return Facts.of("role", links(context).names().role());
    }
}
