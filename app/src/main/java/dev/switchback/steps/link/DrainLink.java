package dev.switchback.steps.link;

import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.link.Direction;
import dev.switchback.link.Link;
import dev.switchback.link.LinkSessions;
import dev.switchback.link.Slot;
import dev.switchback.pg.Lsn;
import dev.switchback.steps.Stops;
import dev.switchback.steps.World;
import java.util.List;
import java.util.Optional;

/**
 * Proves, behind a fence, that everything the fenced side committed is on the other: the same
 * tables on both sides, the slot's confirmation and the marker ({@code link.Drain}).
 */
public final class DrainLink implements Step {
    public static final String ID = "drain-link";
    public static final String RETURN_ID = "drain-reverse";

    private static final String DRAINED_TO = "drainedTo.";

    private final World world;
    private final Direction direction;

    private DrainLink(World world, Direction direction) {
        this.world = world;
        this.direction = direction;
    }

    public static DrainLink forward(World world) {
        return new DrainLink(world, Direction.FORWARD);
    }

    /** On the way back. */
    public static DrainLink reverse(World world) {
        return new DrainLink(world, Direction.REVERSE);
    }

    @Override
    public String id() {
        return direction == Direction.FORWARD ? ID : RETURN_ID;
    }

    @Override
    public String title() {
        return direction == Direction.FORWARD
                ? "Prove that everything committed on the source has arrived"
                : "Prove that everything committed on the target has come back";
    }

    @Override
    public boolean inDowntime() {
        return true;
    }

    /** What was proven once stays proven behind the fence: nothing can be committed there. */
    @Override
    public Observation observe(StepContext context) throws Exception {
        Facts proven = context.evidenceOf(id()).orElse(Facts.NONE);
        for (String database : world.databases()) {
            if (drainedTo(proven, database).isEmpty()) {
                return Observation.todo("not proven for " + database);
            }
        }
        for (Link link : links(context)) {
            Lsn position = drainedTo(proven, link.database()).orElseThrow();
            Lsn confirmed = link.slot().map(Slot.State::confirmed).orElse(null);
            if (confirmed == null || confirmed.compareTo(position) < 0) {
                return Observation.todo("the slot of " + link.database() + " is at " + confirmed);
            }
        }
        return Observation.done(proven);
    }

    @Override
    public void apply(StepContext context) throws Exception {
        Facts proven = Facts.NONE;
        try (LinkSessions sessions = new LinkSessions()) {
            for (Link link : links(context)) {
                Lsn position = drain(context, link.in(sessions));
                proven = proven.with(DRAINED_TO + link.database(), position.toString());
            }
        }
        context.evidence(proven);
    }

    private Lsn drain(StepContext context, Link link) throws InterruptedException {
        List<String> differences = link.tableDifferences(world.exclusions());
        if (!differences.isEmpty()) {
            throw new SwitchbackException(
                    new Problem(
                            Code.LINK_TABLES,
                            link.name(),
                            String.join("; ", differences),
                            "a table came or went since it was published: switchback abort, then migrate again"));
        }
        return link.drain(world.migration().budgets().writePause(), new Stops(context));
    }

    private static Optional<Lsn> drainedTo(Facts proven, String database) {
        return proven.get(DRAINED_TO + database).map(Lsn::parse);
    }

    private List<Link> links(StepContext context) {
        return new Links(world, context.migrationUid(), id()).of(direction);
    }
}
