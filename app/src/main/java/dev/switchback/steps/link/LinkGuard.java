package dev.switchback.steps.link;

import dev.switchback.engine.Guard;
import dev.switchback.engine.StepContext;
import dev.switchback.fault.Problem;
import dev.switchback.link.Link;
import dev.switchback.link.LinkStatus;
import dev.switchback.link.Slot;
import dev.switchback.steps.World;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The forward link lives: the slot is there and usable, the history is the one it was made in, the
 * subscription applies. A restart of a server heals by itself and is waited for; what cannot come
 * back ends the run at once. Writes the heartbeat meanwhile.
 */
public final class LinkGuard implements Guard {
    /**
     * A server that restarts, and a leader that is elected (Patroni's ttl is 30 s), are waited for.
     */
    static final Duration PATIENCE = Duration.ofSeconds(90);

    private final World world;
    private final SourceHistory history;
    private final Map<String, Instant> illSince = new HashMap<>();
    private final FollowRates rates = new FollowRates();

    public LinkGuard(World world) {
        this.world = world;
        this.history = new SourceHistory(world);
    }

    @Override
    public String id() {
        return "link-lives";
    }

    @Override
    public String from() {
        return Subscribe.ID;
    }

    @Override
    public String until() {
        return DrainLink.ID;
    }

    @Override
    public Duration every() {
        return Duration.ofSeconds(2);
    }

    /** A leader is elected meanwhile. */
    @Override
    public Duration patience() {
        return PATIENCE;
    }

    @Override
    public Optional<Problem> observe(StepContext context) throws Exception {
        Links links = new Links(world, context.migrationUid(), id());
        Optional<Problem> diverged = history.check(context, links);
        if (diverged.isPresent()) {
            return diverged;
        }
        for (Link link : links.forward()) {
            Optional<Problem> problem = look(context, link);
            if (problem.isPresent()) {
                return problem;
            }
        }
        return Optional.empty();
    }

    private Optional<Problem> look(StepContext context, Link link) throws InterruptedException {
        link.beat();
        LinkStatus status = link.status();
        if (status.lost()) {
            return Optional.of(LinkTrouble.lost(link, status));
        }
        rates.tell(context, link.database(), status);
        Optional<Problem> full = new DiskFloor(world).check(context, link, status.slot());
        if (full.isPresent()) {
            return full;
        }
        if (status.healthy() && status.slot().filter(Slot.State::active).isPresent()) {
            illSince.remove(link.database());
            return Optional.empty();
        }
        String what =
                status.problems().isEmpty()
                        ? "nobody reads its slot"
                        : String.join("; ", status.problems());
        Instant since = illSince.computeIfAbsent(link.database(), _ -> Instant.now());
        if (Duration.between(since, Instant.now()).compareTo(PATIENCE) < 0) {
            context.note(link.database() + ": " + what + "; waiting for it to heal");
            return Optional.empty();
        }
        return Optional.of(LinkTrouble.broken(link, what + " since " + since));
    }
}
