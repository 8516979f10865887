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
        for (Link link : links(context)) {
            Optional<String> position = proven.get("drainedTo." + link.database());
            if (position.isEmpty()) {
                return Observation.todo("not proven for " + link.database());
            }
            Lsn confirmed = link.slot().map(Slot.State::confirmed).orElse(null);
            if (confirmed == null || confirmed.compareTo(Lsn.parse(position.get())) < 0) {
                return Observation.todo("the slot of " + link.database() + " is at " + confirmed);
            }
        }
        return Observation.done(proven);
    }

    @Override
    public void apply(StepContext context) throws Exception {
        Facts proven = Facts.NONE;
        for (Link link : links(context)) {
            List<String> differences = link.tableDifferences(world.exclusions());
            if (!differences.isEmpty()) {
                throw new SwitchbackException(
                        new Problem(
                                Code.LINK_TABLES,
                                link.name(),
                                String.join("; ", differences),
                                "a table came or went since it was published: switchback abort, then migrate again"));
            }
            Lsn position = link.drain(world.migration().budgets().writePause(), new Stops(context));
            proven = proven.with("drainedTo." + link.database(), position.toString());
        }
        context.evidence(proven);
    }

    private List<Link> links(StepContext context) {
        return new Links(world, context.migrationUid(), id()).of(direction);
    }
}
