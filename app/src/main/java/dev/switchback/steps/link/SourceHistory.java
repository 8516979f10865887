package dev.switchback.steps.link;

import dev.switchback.engine.Facts;
import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.link.Direction;
import dev.switchback.link.Fenced;
import dev.switchback.link.Link;
import dev.switchback.link.Subscription;
import dev.switchback.pg.Lsn;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.steps.World;
import dev.switchback.zalando.Continuity;
import dev.switchback.zalando.TimelineHistory;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Follows the source through a failover, or says that it cannot.
 *
 * <ol>
 *   <li>Another system identifier: another cluster was restored in its place; the copy is not its
 *       copy.
 *   <li>The same timeline: only the leader's address may have moved; the subscriptions follow it.
 *   <li>A new timeline: the position up to which the target holds changes is compared with the one
 *       where the new history branched off. Not beyond it: the new history holds everything that
 *       the target has, and the subscriptions go on there. Beyond it: the target has changes that
 *       the source lost, and the publisher would silently skip as much of the new history. The copy
 *       is invalid.
 * </ol>
 *
 * <p>The timeline that a subscription continues on is noted at the subscription itself, in one
 * transaction with its address, so that the next process judges from there.
 *
 * <p>The subscriptions are pinned to one member's address, so that none of them ever asked the new
 * leader before this was decided (facts measured with Patroni 3.0.2 and 4.0.7).
 */
final class SourceHistory {
    private final World world;
    private @Nullable String address;

    SourceHistory(World world) {
        this.world = world;
    }

    Optional<Problem> check(StepContext context, Links links) throws Exception {
        Facts made = context.evidenceOf(CreateSlot.ID).orElse(Facts.NONE);
        String before =
                address != null
                        ? address
                        : context.evidenceOf(Subscribe.ID)
                                .flatMap(f -> f.get("publisher"))
                                .orElse("");
        String now = links.address(Direction.FORWARD);
        boolean moved = !before.isEmpty() && !now.equals(before);
        try (Connection source = Pg.open(world.source("postgres", "history"))) {
            Optional<Problem> another = anotherCluster(source, made);
            if (another.isPresent()) {
                return another;
            }
            long timeline = TimelineHistory.currentTimeline(source);
            for (Link link : links.forward()) {
                Optional<Long> known = followed(link, made);
                boolean branched = known.isPresent() && known.get() != timeline;
                Optional<Problem> problem =
                        branched ? lost(source, link, made, timeline) : Optional.empty();
                if (problem.isPresent()) {
                    return problem;
                }
                if (branched || moved) {
                    // noted with it: what is applied from here on lies behind the branch
                    link.connect(links.conninfo(link, now), timeline, Fenced.NO);
                    context.note(
                            link.database()
                                    + (branched
                                            ? ": the source failed over to timeline "
                                                    + timeline
                                                    + " and holds everything that the target has;"
                                            : ":")
                                    + " the target follows its leader at "
                                    + now);
                }
            }
        }
        address = now;
        return Optional.empty();
    }

    private Optional<Problem> anotherCluster(Connection source, Facts made) throws SQLException {
        String known = made.get("systemIdentifier").orElse("");
        String now = Sql.one(source, "SELECT system_identifier::text FROM pg_control_system()");
        return known.isEmpty() || known.equals(now)
                ? Optional.empty()
                : Optional.of(
                        diverged(
                                "its system identifier was "
                                        + known
                                        + " and is "
                                        + now
                                        + ": another cluster is in its place"));
    }

    /** The timeline that this link was last judged to continue on. */
    private static Optional<Long> followed(Link link, Facts made) throws InterruptedException {
        Optional<Long> noted = link.timeline();
        return noted.isPresent() ? noted : made.get("timeline").map(Long::valueOf);
    }

    private Optional<Problem> lost(Connection source, Link link, Facts made, long now)
            throws SQLException, InterruptedException {
        long before = followed(link, made).orElseThrow();
        Lsn branch =
                TimelineHistory.switchPoint(source, before)
                        .orElseThrow(() ->
                                new SwitchbackException(
                                        diverged(
                                                "the history of its timeline "
                                                        + now
                                                        + " does not name "
                                                        + before)));
        // before the first change was applied it holds what it was seeded with
        Lsn held =
                link.subscription()
                        .map(Subscription.State::origin)
                        .or(() -> made.get("lsn." + link.database()).map(Lsn::parse))
                        .orElse(null);
        return held == null || Continuity.of(held, branch).continuous()
                ? Optional.empty()
                : Optional.of(
                        diverged(
                                "it failed over from timeline "
                                        + before
                                        + " to "
                                        + now
                                        + " at "
                                        + branch
                                        + ", and the target holds changes of "
                                        + link.database()
                                        + " up to "
                                        + held
                                        + " that the source lost"));
    }

    private Problem diverged(String what) {
        return new Problem(
                Code.SOURCE_DIVERGED,
                world.source().display(),
                what,
                "the copy is invalid: switchback abort, then migrate again");
    }
}
