package dev.switchback.steps.link;

import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.engine.UndoAt;
import dev.switchback.link.Heartbeat;
import dev.switchback.link.Link;
import dev.switchback.link.LinkSessions;
import dev.switchback.link.LinkStatus;
import dev.switchback.link.Publication;
import dev.switchback.link.ReplicationRole;
import dev.switchback.link.Slot;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.pg.TableId;
import dev.switchback.steps.Stops;
import dev.switchback.steps.World;
import dev.switchback.steps.replication.IdentityPlan;
import dev.switchback.zalando.TimelineHistory;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Makes the link that carries the target's writes back to the fenced source, and waits until it
 * streams.
 *
 * <ol>
 *   <li>Both sides are closed and equal; the forward link is disabled.
 *   <li>The target publishes its tables; then its slot is made, so that it begins behind the last
 *       change that came from the source. Therefore no filter on origins is needed, and a source
 *       before 16 can be returned to.
 *   <li>The source subscribes, past its fence, and the link streams before the target opens: no
 *       write of an application can come before it.
 * </ol>
 *
 * <p>Where the target cannot be published safely – a table without identity would refuse the
 * application's own updates – there is no reverse link, and the evidence says why.
 */
public final class CreateReverseLink implements Step {
    public static final String ID = "create-reverse-link";

    /** The fact that says {@link #STREAMING} or {@link #NONE}. */
    public static final String REVERSE = "reverse";

    public static final String STREAMING = "streaming";
    public static final String NONE = "none";

    private static final Duration SLOT_LIMIT = Duration.ofSeconds(20);

    private final World world;

    public CreateReverseLink(World world) {
        this.world = world;
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String title() {
        return "Let the source follow the target, for the way back";
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
    public Observation observe(StepContext context) throws Exception {
        if (context.evidenceOf(ID).flatMap(f -> f.get(REVERSE)).filter(NONE::equals).isPresent()) {
            return Observation.done(Facts.NONE);
        }
        if (!context.underWay(ID)) {
            return Observation.todo("not made yet");
        }
        try (LinkSessions sessions = new LinkSessions()) {
            Facts facts = Facts.of(REVERSE, STREAMING);
            for (Link each : links(context).reverse()) {
                Link link = each.in(sessions);
                Optional<String> missing = missing(link);
                if (missing.isPresent()) {
                    return Observation.todo(missing.get());
                }
                facts =
                        facts.with("slot." + link.database(), link.name())
                                .with(history(sessions.of(link.publisher())));
            }
            return Observation.done(facts);
        }
    }

    /** What keeps a link from streaming. */
    private static Optional<String> missing(Link link) throws InterruptedException {
        if (!link.isPublished()) {
            return Optional.of("the target does not publish " + link.database());
        }
        LinkStatus status = link.status();
        if (!status.healthy()) {
            return Optional.of(String.join("; ", status.problems()));
        }
        return status.slot().filter(Slot.State::active).isEmpty()
                ? Optional.of("the link of " + link.database() + " does not stream yet")
                : Optional.empty();
    }

    /** A reverse link made in another history of the target carries nothing. */
    private static Facts history(Connection target) throws SQLException {
        return Facts.of(
                "systemIdentifier",
                Sql.one(target, "SELECT system_identifier::text FROM pg_control_system()"),
                "timeline",
                String.valueOf(TimelineHistory.currentTimeline(target)));
    }

    @Override
    public void apply(StepContext context) throws Exception {
        Links links = links(context);
        // logging in takes longer here than what is done: each side once
        try (LinkSessions sessions = new LinkSessions()) {
            List<Link> reverse = links.reverse().stream().map(l -> l.in(sessions)).toList();
            Optional<String> obstacle = obstacle(reverse, sessions);
            if (obstacle.isPresent()) {
                context.note("no reverse link: " + obstacle.get());
                context.evidence(Facts.of(REVERSE, NONE, "reason", obstacle.get()));
                return;
            }
            ReplicationRole.ensure(
                    sessions.of(reverse.getFirst().publisher()),
                    links.names().role(),
                    links.password(),
                    world.databases());
            for (Link link : reverse) {
                if (link.isSubscribed() && link.slot().filter(Slot.State::usable).isPresent()) {
                    link.enable(Links.FENCED);
                } else {
                    link.drop(Links.FENCED, Links.FENCED);
                    make(context, links, link, sessions);
                }
            }
            for (Link link : reverse) {
                link.awaitStreaming(new Stops(context));
            }
        }
    }

    private void make(StepContext context, Links links, Link link, LinkSessions sessions)
            throws Exception {
        Set<TableId> tables =
                Publication.publishable(sessions.of(link.publisher()), world.exclusions());
        link.publish(tables);
        link.createBareSlot(SLOT_LIMIT, new Stops(context));
        link.subscribe(links.conninfo(link), Links.FENCED);
    }

    /** Why there can be no reverse link; empty when there can. */
    private Optional<String> obstacle(List<Link> links, LinkSessions sessions) throws SQLException {
        if (!world.migration().rollback().link()) {
            return Optional.of("spec.rollback.link is none");
        }
        for (Link link : links) {
            Connection target = sessions.of(link.publisher());
            String level = Sql.one(target, "SHOW wal_level");
            if (!level.equals("logical")) {
                return Optional.of("wal_level of the target is " + level + ", not logical");
            }
            List<IdentityPlan.Identity> missing = IdentityPlan.of(target, world.exclusions());
            if (!missing.isEmpty()) {
                return Optional.of(
                        missing.size()
                                + " table(s) have no replica identity, for example "
                                + missing.getFirst().table()
                                + ": published, their updates would fail in the application");
            }
        }
        return Optional.empty();
    }

    @Override
    public void undo(StepContext context) throws Exception {
        Links links = links(context);
        remove(world, links);
    }

    /** Takes reverse links with everything that belongs to them on both sides. */
    static void remove(World world, Links links) throws Exception {
        for (Link link : links.reverse()) {
            link.drop(Links.FENCED, Links.FENCED);
            // a forward link still needs the heartbeat's table on the source
            if (!links.forward(link.database()).isPublished()) {
                try (Connection source = Pg.open(link.subscriber())) {
                    Heartbeat.drop(source, Links.FENCED);
                }
            }
        }
        try (Connection target = Pg.open(world.target("postgres", ID))) {
            ReplicationRole.drop(target, links.names().role(), world.databases());
        }
    }

    private Links links(StepContext context) {
        return new Links(world, context.migrationUid(), ID);
    }
}
