package dev.switchback.steps.link;

import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.engine.UndoAt;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.link.Link;
import dev.switchback.link.Slot;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.steps.Stops;
import dev.switchback.steps.World;
import dev.switchback.zalando.TimelineHistory;
import java.sql.Connection;
import java.time.Duration;
import java.util.Optional;

/**
 * Makes one replication slot a database and keeps the snapshot that goes with it: what was
 * committed before is copied under the snapshot, what is committed after comes through the slot.
 */
public final class CreateSlot implements Step {
    public static final String ID = "create-slot";

    /** A slot waits for every open transaction that has written; nobody waits for ever. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final World world;

    public CreateSlot(World world) {
        this.world = world;
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String title() {
        return "Make the replication slots, with the snapshot to copy from";
    }

    @Override
    public UndoAt undoAt() {
        return UndoAt.ABORT;
    }

    /** Done while its snapshot is held, and when nobody needs the snapshot any more. */
    @Override
    public Observation observe(StepContext context) throws Exception {
        Facts facts = Facts.NONE;
        for (Link link : links(context).forward()) {
            Optional<Slot.State> slot = link.slot();
            boolean seeded = SeedNotes.complete(link);
            if (slot.filter(Slot.State::usable).isEmpty()) {
                return seeded && link.isSubscribed()
                        ? Observation.impossible(lost(link, slot))
                        : Observation.todo("no slot of " + link.database());
            }
            if (!seeded && world.sessions().seed(link.database()).isEmpty()) {
                return Observation.todo("the snapshot of " + link.database() + " is not held");
            }
            facts = facts.with("slot." + link.database(), link.name());
        }
        return Observation.done(facts);
    }

    private static Problem lost(Link link, Optional<Slot.State> slot) {
        return new Problem(
                Code.SLOT_LOST,
                link.name(),
                slot.map(s -> "is " + s.walStatus()).orElse("is gone")
                        + ": what was committed since cannot be had any more",
                "the copy is invalid: switchback abort, then migrate again");
    }

    @Override
    public void apply(StepContext context) throws Exception {
        Facts facts = Facts.NONE;
        for (Link link : links(context).forward()) {
            link.dropSlot();
            SeedNotes.forget(link);
            context.note(link.database() + ": waiting for transactions that have written");
            Slot.Created created = link.createSlot(LIMIT, new Stops(context));
            world.sessions().seed(link.database(), created.snapshot());
            facts =
                    facts.with("slot." + link.database(), link.name())
                            .with("lsn." + link.database(), created.consistentPoint().toString());
        }
        context.evidence(facts.with(history()));
    }

    /** Which history the slots belong to. */
    private Facts history() throws Exception {
        try (Connection source = Pg.open(world.source("postgres", ID))) {
            return Facts.of(
                    "systemIdentifier",
                    Sql.one(source, "SELECT system_identifier::text FROM pg_control_system()"),
                    "timeline",
                    String.valueOf(TimelineHistory.currentTimeline(source)));
        }
    }

    @Override
    public void undo(StepContext context) throws Exception {
        world.sessions().dropSeeds();
        for (Link link : links(context).forward()) {
            if (link.isSubscribed()) {
                throw new SwitchbackException(
                        Code.UNDO_FAILED,
                        link.name(),
                        "the subscription still uses the slot",
                        "take the subscription away first");
            }
            link.dropSlot();
        }
    }

    private Links links(StepContext context) {
        return new Links(world, context.migrationUid(), ID);
    }
}
