package dev.switchback.steps.link;

import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.link.Link;
import dev.switchback.link.Slot;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.spec.Quantity;
import dev.switchback.steps.World;
import dev.switchback.steps.slots.ProtectSlot;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * The source's production goes before our copy: when the WAL that is kept for the slot leaves less
 * than the floor on the volume, our slot is dropped, and only it.
 */
final class DiskFloor {
    private final World world;

    DiskFloor(World world) {
        this.world = world;
    }

    /** The problem when the floor was reached; the slot is gone then. */
    Optional<Problem> check(StepContext context, Link link, Optional<Slot.State> slot)
            throws InterruptedException {
        long kept = slot.map(Slot.State::retainedBytes).orElse(0L);
        if (kept == 0) {
            return Optional.empty();
        }
        Optional<Long> volume =
                Quantity.parse(
                        world.source().object().spec().path("volume").path("size").asText(""));
        if (volume.isEmpty()) {
            return Optional.empty();
        }
        long used = used();
        long free = volume.get() - used - kept;
        long floor = volume.get() / 100 * world.migration().online().diskFloor();
        if (free >= floor) {
            return Optional.empty();
        }
        context.note(link.database() + ": the source's disk is at its floor; dropping our slot");
        // first: it makes a slot again that it still keeps
        String declared = forgotten(context);
        link.dropSlot();
        return Optional.of(
                new Problem(
                        Code.DISK_FLOOR,
                        world.source().display(),
                        String.format(
                                java.util.Locale.ROOT,
                                "%.1f GB of WAL were kept for %s and about %.1f GB of %.1f were free;"
                                        + " our slot was dropped, the source goes on%s",
                                kept / 1e9,
                                link.name(),
                                free / 1e9,
                                volume.get() / 1e9,
                                declared),
                        "the copy is invalid: find out why the target did not follow, switchback abort, then migrate again"));
    }

    /** Said when Patroni could not be told: it makes a slot again that it still keeps. */
    private String forgotten(StepContext context) throws InterruptedException {
        try {
            ProtectSlot.forget(world, context);
            return "";
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            return "; Patroni may make it again, take it out of spec.patroni.slots: "
                    + e.getMessage();
        }
    }

    /** Everything the databases hold: an estimate of what is used beside the WAL. */
    private long used() {
        try (Connection source = Pg.open(world.source("postgres", "disk"))) {
            return Long.parseLong(
                    Sql.one(
                            source,
                            "SELECT coalesce(sum(pg_database_size(oid)), 0)::bigint FROM pg_database"));
        } catch (SQLException e) {
            throw new SwitchbackException(
                    Code.PG_FAILED,
                    world.source().display(),
                    "reading the sizes of its databases: " + Pg.words(e),
                    "check the source's health");
        }
    }
}
