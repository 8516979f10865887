package dev.switchback.steps.link;

import dev.switchback.engine.Facts;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.link.Link;
import dev.switchback.link.LinkStatus;
import dev.switchback.link.Subscription;
import dev.switchback.pg.Lsn;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.schema.SchemaFingerprint;
import dev.switchback.steps.World;
import dev.switchback.zalando.Continuity;
import dev.switchback.zalando.TimelineHistory;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Whether the reverse link still carries every write of the target back. In this order:
 *
 * <ol>
 *   <li>The target is the cluster, and its history the one, that the link was made in: after a
 *       failover its slot must be on the new primary, and what the source holds must be a beginning
 *       of the new history.
 *   <li>Slot and subscription are whole, a worker applies, no row was passed over (18 and later
 *       count that).
 *   <li>Definitions are equal on both sides, and every table is published: no link carries DDL.
 * </ol>
 *
 * "Cannot be read" is never healthy.
 */
public final class ReverseHealth {
    private static final int FURTHER_LOOKS = 3;
    private static final long BETWEEN_LOOKS_MILLIS = 500;

    private final World world;

    public ReverseHealth(World world) {
        this.world = world;
    }

    /**
     * @param migrationUid the journal's
     * @param made the evidence of {@link CreateReverseLink}
     * @return why not every write is carried back; empty when it is
     */
    public Optional<String> broken(String migrationUid, Facts made) throws InterruptedException {
        Links links = new Links(world, migrationUid, "reverse-health");
        try {
            Optional<String> history = history(links, made);
            if (history.isPresent()) {
                return history;
            }
            for (Link link : links.reverse()) {
                Optional<String> broken = broken(link);
                if (broken.isPresent()) {
                    return broken;
                }
            }
            return Optional.empty();
        } catch (SwitchbackException e) {
            return Optional.of("cannot be read: " + e.problem().line());
        } catch (SQLException e) {
            return Optional.of("cannot be read: " + Pg.words(e));
        }
    }

    private Optional<String> history(Links links, Facts made)
            throws SQLException, InterruptedException {
        try (Connection target = Pg.open(world.target("postgres", "reverse-health"))) {
            String system =
                    Sql.one(target, "SELECT system_identifier::text FROM pg_control_system()");
            if (made.get("systemIdentifier").filter(s -> !s.equals(system)).isPresent()) {
                return Optional.of("the target is another cluster than the one that was opened");
            }
            String timeline = String.valueOf(TimelineHistory.currentTimeline(target));
            Optional<String> before = made.get("timeline").filter(t -> !t.equals(timeline));
            if (before.isEmpty()) {
                return Optional.empty();
            }
            Optional<Lsn> branch =
                    TimelineHistory.switchPoint(target, Long.parseLong(before.get()));
            for (Link link : links.reverse()) {
                Lsn held =
                        link.status().subscription().map(Subscription.State::origin).orElse(null);
                if (branch.isEmpty()
                        || (held != null && !Continuity.of(held, branch.get()).continuous())) {
                    return Optional.of(
                            "the target failed over from timeline "
                                    + before.get()
                                    + " to "
                                    + timeline
                                    + ", and the source holds changes up to "
                                    + held
                                    + " that the new primary lost");
                }
            }
            return Optional.empty();
        }
    }

    /**
     * A worker that cannot apply is started again every few seconds and looks well for a moment, so
     * that one with failures is looked at more than once.
     */
    private static LinkStatus look(Link link) throws InterruptedException {
        LinkStatus status = link.status();
        for (int i = 0; i < FURTHER_LOOKS && status.healthy() && failed(status); i++) {
            TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS_MILLIS);
            status = link.status();
        }
        return status;
    }

    private static boolean failed(LinkStatus status) {
        return status.subscription().map(Subscription.State::errors).orElse(0L) != 0;
    }

    private Optional<String> broken(Link link) throws SQLException, InterruptedException {
        LinkStatus status = look(link);
        if (!status.healthy()) {
            long errors = status.subscription().map(Subscription.State::errors).orElse(-1L);
            return Optional.of(
                    String.join("; ", status.problems())
                            + (errors > 0 ? "; " + errors + " failed applies" : ""));
        }
        long conflicts = status.subscription().map(Subscription.State::conflicts).orElse(-1L);
        if (conflicts > 0) {
            return Optional.of(
                    conflicts
                            + " changes of "
                            + link.database()
                            + " did not fit the source's rows");
        }
        List<String> tables = link.tableDifferences(world.exclusions());
        if (!tables.isEmpty()) {
            return Optional.of(String.join("; ", tables));
        }
        try (Connection source = Pg.open(link.subscriber());
                Connection target = Pg.open(link.publisher())) {
            List<String> differences =
                    SchemaFingerprint.differences(
                            SchemaFingerprint.of(source, world.exclusions()),
                            SchemaFingerprint.of(target, world.exclusions()));
            return differences.isEmpty()
                    ? Optional.empty()
                    : Optional.of("definitions differ since the switch: " + differences.getFirst());
        }
    }
}
