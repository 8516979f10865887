package dev.switchback.steps.link;

import dev.switchback.engine.Facts;
import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.link.Direction;
import dev.switchback.link.Fenced;
import dev.switchback.link.Link;
import dev.switchback.link.LinkStatus;
import dev.switchback.link.Subscription;
import dev.switchback.pg.Lsn;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.steps.World;
import dev.switchback.zalando.Continuity;
import dev.switchback.zalando.TimelineHistory;
import java.sql.Connection;
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
 * <p>The subscriptions are pinned to one member's address, so that none of them ever asked the new
 * leader before this was decided (facts measured with Patroni 3.0.2 and 4.0.7).
 */
final class SourceHistory {
    private final World world;
    private @Nullable String address;
    private @Nullable String timeline;

    SourceHistory(World world) {
        this.world = world;
    }

    Optional<Problem> check(StepContext context, Links links) throws Exception {
        Facts made = context.evidenceOf(CreateSlot.ID).orElse(Facts.NONE);
        String system = made.get("systemIdentifier").orElse("");
        String knownTimeline = timeline != null ? timeline : made.get("timeline").orElse("");
        String knownAddress =
                address != null
                        ? address
                        : context.evidenceOf(Subscribe.ID)
                                .flatMap(f -> f.get("publisher"))
                                .orElse("");
        String nowAddress = links.address(Direction.FORWARD);
        String nowSystem;
        String nowTimeline;
        try (Connection source = Pg.open(world.source("postgres", "history"))) {
            nowSystem = Sql.one(source, "SELECT system_identifier::text FROM pg_control_system()");
            nowTimeline = String.valueOf(TimelineHistory.currentTimeline(source));
            if (!system.isEmpty() && !system.equals(nowSystem)) {
                return Optional.of(
                        diverged(
                                "its system identifier was "
                                        + system
                                        + " and is "
                                        + nowSystem
                                        + ": another cluster is in its place"));
            }
            if (!knownTimeline.isEmpty() && !nowTimeline.equals(knownTimeline)) {
                Optional<Problem> problem = newTimeline(source, links, knownTimeline, nowTimeline);
                if (problem.isPresent()) {
                    return problem;
                }
                context.note(
                        "the source failed over to timeline "
                                + nowTimeline
                                + "; it holds everything the target has");
            }
        }
        if (!knownAddress.isEmpty() && !nowAddress.equals(knownAddress)) {
            for (Link link : links.forward()) {
                link.connect(links.conninfo(link, nowAddress), Fenced.NO);
            }
            context.note("the source's leader moved to " + nowAddress + "; the target follows it");
        }
        address = nowAddress;
        timeline = nowTimeline;
        return Optional.empty();
    }

    private Optional<Problem> newTimeline(Connection source, Links links, String before, String now)
            throws Exception {
        Lsn branch =
                TimelineHistory.switchPoint(source, Long.parseLong(before))
                        .orElseThrow(() ->
                                new SwitchbackException(
                                        diverged(
                                                "the history of its timeline "
                                                        + now
                                                        + " does not name "
                                                        + before)));
        for (Link link : links.forward()) {
            LinkStatus status = link.status();
            Lsn held = status.subscription().map(Subscription.State::origin).orElse(null);
            if (held != null && !Continuity.of(held, branch).continuous()) {
                return Optional.of(
                        diverged(
                                "it failed over from timeline "
                                        + before
                                        + " to "
                                        + now
                                        + " at "
                                        + branch
                                        + ", and the target holds changes up to "
                                        + held
                                        + " that the source lost"));
            }
        }
        return Optional.empty();
    }

    private Problem diverged(String what) {
        return new Problem(
                Code.SOURCE_DIVERGED,
                world.source().display(),
                what,
                "the copy is invalid: switchback abort, then migrate again");
    }
}
