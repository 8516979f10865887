package dev.switchback.steps.link;

import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.link.Link;
import dev.switchback.link.LinkStatus;
import dev.switchback.steps.World;
import java.time.Duration;
import java.util.Optional;

/**
 * Waits until the target is close behind the source, telling lag, rate and when it is expected to
 * be there. Lag only decides when to begin; what was proven to have arrived is {@link DrainLink}'s.
 */
public final class CatchUp implements Step {
    public static final String SYNC = "catch-up";
    public static final String CUTOVER = "confirm-link";

    /** So far behind by the heartbeat's clock counts as close. */
    private static final double CLOSE_SECONDS = 5;

    private final World world;
    private final String id;
    private final String title;
    private final FollowRates rates = new FollowRates();

    private CatchUp(World world, String id, String title) {
        this.world = world;
        this.id = id;
        this.title = title;
    }

    /** The end of sync. */
    public static CatchUp afterSeed(World world) {
        return new CatchUp(world, SYNC, "Wait until the target is close behind the source");
    }

    /** Once more before the service stops: days may lie between. */
    public static CatchUp beforeCutover(World world) {
        return new CatchUp(
                world, CUTOVER, "Confirm that the link is whole and the target close behind");
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public boolean acts() {
        return false;
    }

    @Override
    public Duration deadline() {
        return Duration.ofDays(7);
    }

    @Override
    public Observation observe(StepContext context) throws Exception {
        Facts facts = Facts.NONE;
        Optional<String> behind = Optional.empty();
        for (Link link : new Links(world, context.migrationUid(), id).forward()) {
            link.beat();
            LinkStatus status = link.status();
            if (status.lost()) {
                return Observation.impossible(LinkTrouble.lost(link, status));
            }
            if (!status.healthy()) {
                return Observation.todo(String.join("; ", status.problems()));
            }
            var differences = link.tableDifferences(world.exclusions());
            if (!differences.isEmpty()) {
                return Observation.impossible(
                        new Problem(
                                Code.LINK_TABLES,
                                link.name(),
                                String.join("; ", differences),
                                "a table came or went since it was published: switchback abort, then migrate again"));
            }
            rates.tell(context, link.database(), status);
            Double seconds = status.lagSeconds();
            if (status.lagBytes() > world.migration().online().maxLag()
                    || seconds == null
                    || seconds > CLOSE_SECONDS) {
                behind = Optional.of(rates.words(link.database(), status));
            }
            facts =
                    facts.with("lagBytes." + link.database(), String.valueOf(status.lagBytes()))
                            .with("lagSeconds." + link.database(), String.valueOf(seconds));
        }
        if (id.equals(CUTOVER) && behind.isEmpty()) {
            // the guard looks every half minute: that is too late for a service that stops now
            for (Link link : new Links(world, context.migrationUid(), id).forward()) {
                Optional<Problem> drift = DriftGuard.drift(link, world.exclusions());
                if (drift.isPresent()) {
                    return Observation.impossible(drift.get());
                }
            }
        }
        Facts all = facts;
        return behind.map(Observation::todo).orElseGet(() -> Observation.done(all));
    }
}
