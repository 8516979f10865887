package dev.switchback.steps.slots;

import dev.switchback.engine.Facts;
import dev.switchback.engine.Finding;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.engine.UndoAt;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Lsn;
import dev.switchback.steps.World;
import dev.switchback.steps.slots.ServerSlots.Slot;
import dev.switchback.zalando.DeclaredSlots;
import dev.switchback.zalando.LogicalSlot;
import dev.switchback.zalando.Patroni;
import dev.switchback.zalando.Patroni.Member;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Tells Patroni to keep our slots, which exist already, and to carry them over a failover.
 *
 * <ol>
 *   <li>Each slot is on the leader as {@code create-slot} made it. Declaring one that is gone would
 *       make Patroni create another at a later position: rows in between would be missing.
 *   <li>Declared, by {@link DeclaredSlots}. Patroni stops and starts each replica once to copy the
 *       slots to it (about 2 s each), the leader goes on.
 *   <li>Done when every replica's copy could be used after a failover: 20 to 33 s later as a rule.
 * </ol>
 *
 * <p>Undo goes the other way: not declared any more, the copies dropped on the replicas, where
 * nobody would move them on and they would hold WAL for ever; last, Patroni may judge the slots
 * again. The slot on the leader belongs to {@code create-slot}.
 */
public final class ProtectSlot implements Step {
    /** The plugin of a native subscription. */
    private static final String PLUGIN = "pgoutput";

    public static final String ID = "protect-slot";

    /** Start of the evidence names that hold what was there before, for {@link ReleaseSlot}. */
    static final String BEFORE = "before.";

    private static final String MAKER = "create-slot";

    /** The step from which on the slots are read. */
    private static final String READER = "subscribe";

    private static final String SLOT = "slot.";
    private static final String POSITION = "lsn.";

    /** The operator reacts to the object's change within seconds when it is there at all. */
    private static final Duration OPERATOR = Duration.ofSeconds(10);

    /** Patroni looks at its slots at least every so often. */
    private static final Duration LOOP_WAIT = Duration.ofSeconds(10);

    private static final int DROPS = 6;

    private final World world;
    private final FailoverReadiness readiness = new FailoverReadiness();

    public ProtectSlot(World world) {
        this.world = world;
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String title() {
        return "Have Patroni keep the slots over a failover";
    }

    @Override
    public UndoAt undoAt() {
        return UndoAt.ABORT;
    }

    @Override
    public Duration deadline() {
        return Duration.ofMinutes(2);
    }

    @Override
    public Observation observe(StepContext context) {
        Facts made = context.evidenceOf(MAKER).orElse(Facts.NONE);
        List<LogicalSlot> slots = slots(made);
        if (slots.isEmpty()) {
            return Observation.todo("no slot was created yet");
        }
        Optional<Patroni> patroni = world.source().patroni();
        if (patroni.isEmpty()) {
            return unknown();
        }
        Optional<Member> leader = patroni.get().leaderMember();
        if (leader.isEmpty()) {
            return Observation.todo("Patroni has no leader now");
        }
        ServerSlots onLeader = ServerSlots.read(server(leader.get()));
        if (onLeader.recovering()) {
            return Observation.todo(
                    "a failover is under way: " + leader.get().name() + " recovers");
        }
        List<Problem> lost = lost(slots, made, onLeader, false);
        if (!lost.isEmpty()) {
            return new Observation.Impossible(lost);
        }
        List<String> missing = world.source().declaredSlots().missing(slots);
        if (!missing.isEmpty()) {
            return Observation.todo(String.join("; ", missing));
        }
        List<Member> replicas = patroni.get().replicas();
        if (replicas.isEmpty()) {
            return Observation.done("failoverSafe", "no replica", "slots", names(slots));
        }
        List<String> unready = unready(slots, replicas, onLeader);
        return unready.isEmpty()
                ? Observation.done(
                        "failoverSafe",
                        replicas.stream().map(Member::name).collect(Collectors.joining(", ")),
                        "slots",
                        names(slots))
                : Observation.todo(String.join("; ", unready));
    }

    private List<String> unready(
            List<LogicalSlot> slots, List<Member> replicas, ServerSlots leader) {
        List<String> unready = new ArrayList<>();
        for (Member member : replicas) {
            if (member.address().isEmpty()) {
                unready.add("pod " + member.name() + " has no address yet");
                continue;
            }
            ServerSlots onReplica = ServerSlots.read(server(member));
            if (!onReplica.recovering()) {
                unready.add(member.name() + " is no replica: a failover may be under way");
                continue;
            }
            for (LogicalSlot slot : slots) {
                readiness
                        .missing(slot.name(), member.name(), leader, onReplica)
                        .ifPresent(unready::add);
            }
        }
        return unready;
    }

    @Override
    public Facts capture(StepContext context) {
        List<LogicalSlot> slots = slots(context.evidenceOf(MAKER).orElse(Facts.NONE));
        Facts found = new Facts(world.source().declaredSlots().capture(slots));
        for (LogicalSlot slot : slots) {
            found = found.with(SLOT + slot.database(), slot.name());
        }
        return found;
    }

    @Override
    public void apply(StepContext context) {
        Facts made = context.evidenceOf(MAKER).orElse(Facts.NONE);
        List<LogicalSlot> slots = slots(made);
        Member leader =
                world.source()
                        .patroni()
                        .flatMap(Patroni::leaderMember)
                        .orElseThrow(() ->
                                new SwitchbackException(
                                        Code.LEADER_UNKNOWN,
                                        world.source().display(),
                                        "Patroni has no leader now",
                                        "wait until it has one, and run it again"));
        // as late as possible: what is not there any more must not be declared; in a later try the
        // target follows already and has moved it
        boolean declaredBefore = world.source().declaredSlots().missing(slots).isEmpty();
        boolean unused = !declaredBefore && context.evidenceOf(READER).isEmpty();
        List<Problem> lost = lost(slots, made, ServerSlots.read(server(leader)), unused);
        if (!lost.isEmpty()) {
            throw new SwitchbackException(lost);
        }
        context.evidence(context.captured().prefixed(BEFORE));
        context.note(
                "Patroni restarts each replica of "
                        + world.source().display()
                        + " once to copy the slots to it; the leader goes on");
        world.source().declaredSlots().declare(slots);
    }

    /**
     * What is not on the leader as it was made.
     *
     * @param unused whether nobody can have consumed it yet: then it stands exactly where it was
     *     made
     */
    private List<Problem> lost(
            List<LogicalSlot> slots, Facts made, ServerSlots leader, boolean unused) {
        List<Problem> lost = new ArrayList<>();
        for (LogicalSlot slot : slots) {
            Optional<Lsn> position = made.get(POSITION + slot.database()).map(Lsn::parse);
            Optional<Slot> found = leader.slot(slot.name());
            if (found.isEmpty()) {
                lost.add(lost(slot, "is not on the leader any more"));
            } else if (!found.get().plugin().equals(slot.plugin())
                    || !found.get().database().equals(slot.database())) {
                lost.add(
                        lost(
                                slot,
                                "is of plugin '"
                                        + found.get().plugin()
                                        + "' and database '"
                                        + found.get().database()
                                        + "' now"));
            } else if (found.get().walStatus().equals("lost")) {
                lost.add(lost(slot, "lost the WAL it needs (wal_status lost)"));
            } else if (position.isPresent() && found.get().confirmed().isPresent()) {
                int order = found.get().confirmed().get().compareTo(position.get());
                if (order < 0 || (unused && order > 0)) {
                    lost.add(
                            lost(
                                    slot,
                                    "stands at "
                                            + found.get().confirmed().get()
                                            + ", it was made at "
                                            + position.get()
                                            + ": somebody made it anew or read from it"));
                }
            }
        }
        return lost;
    }

    private Problem lost(LogicalSlot slot, String what) {
        return new Problem(
                Code.SLOT_LOST,
                world.source().display() + " slot " + slot.name(),
                what,
                "switchback abort, then switchback migrate: the target is seeded again",
                "changes since it was made cannot be had any more");
    }

    private Observation unknown() {
        return new Observation.Done(
                Facts.of("failoverSafe", "unknown"),
                List.of(
                        new Finding(
                                Finding.Level.WARN,
                                new Problem(
                                        Code.NOT_FAILOVER_SAFE,
                                        world.source().display(),
                                        "nothing of Patroni can be seen, so nobody keeps our slots over a"
                                                + " failover of the source",
                                        "do not fail the source over until the migration is done",
                                        "a failover would lose the slots, and the target is seeded"
                                                + " again"))));
    }

    @Override
    public void undo(StepContext context) throws Exception {
        takeBack(world, context, context.captured().values());
    }

    /**
     * The same while the link is still there: whoever drops a slot that Patroni keeps gets it made
     * again. Nothing when the slots were never declared.
     */
    public static void forget(World world, StepContext context) throws Exception {
        Map<String, String> before = before(context);
        if (!before.isEmpty()) {
            takeBack(world, context, before);
        }
    }

    /** What was captured when the slots were declared; empty when they never were. */
    static Map<String, String> before(StepContext context) {
        return context.evidenceOf(ID).orElse(Facts.NONE).under(BEFORE).values();
    }

    /**
     * Patroni is told to forget the slots; their copies are dropped on the replicas.
     *
     * @param captured by this step
     */
    static void takeBack(World world, StepContext context, Map<String, String> captured)
            throws Exception {
        new ProtectSlot(world).takeBack(context, captured);
    }

    private void takeBack(StepContext context, Map<String, String> captured) throws Exception {
        List<LogicalSlot> slots = slots(new Facts(captured));
        if (slots.isEmpty()) {
            return;
        }
        DeclaredSlots declared = world.source().declaredSlots();
        declared.undeclare(slots, captured);
        if (world.source().patroni().isEmpty()) {
            return;
        }
        awaitOperator(context, declared, slots, captured);
        List<LogicalSlot> ours =
                slots.stream()
                        .filter(s -> captured.getOrDefault("declared." + s.name(), "").isEmpty())
                        .toList();
        for (int i = 0; dropCopies(ours) > 0; i++) {
            if (i == DROPS) {
                throw new SwitchbackException(
                        Code.UNDO_FAILED,
                        world.source().display(),
                        "Patroni copies slots that are no longer declared to its replicas again: "
                                + names(ours),
                        "patronictl show-config " + world.source().name() + ", and run it again");
            }
            context.checkpoint();
            Thread.sleep(LOOP_WAIT); // a copy under way would come back within one loop
        }
        declared.unignore(slots, captured);
    }

    private static void awaitOperator(
            StepContext context,
            DeclaredSlots declared,
            List<LogicalSlot> slots,
            Map<String, String> captured)
            throws InterruptedException {
        long end = System.nanoTime() + OPERATOR.toNanos();
        while (declared.stillPassedOn(slots, captured)) {
            if (System.nanoTime() > end) {
                declared.strike(slots, captured);
                return;
            }
            context.checkpoint();
            Thread.sleep(Duration.ofMillis(500));
        }
    }

    /** Drops the copies on every replica; how many there were. */
    private int dropCopies(List<LogicalSlot> slots) {
        int dropped = 0;
        for (Member member : world.source().patroni().map(Patroni::replicas).orElseGet(List::of)) {
            dropped += ReplicaCopies.drop(server(member), slots);
        }
        return dropped;
    }

    /** Of the evidence of {@code create-slot}, or of our own capture. */
    private static List<LogicalSlot> slots(Facts facts) {
        return facts.values().entrySet().stream()
                .filter(e -> e.getKey().startsWith(SLOT))
                .map(e ->
                        new LogicalSlot(e.getValue(), e.getKey().substring(SLOT.length()), PLUGIN))
                .toList();
    }

    private static String names(List<LogicalSlot> slots) {
        return slots.stream().map(LogicalSlot::name).collect(Collectors.joining(", "));
    }

    private ConnectionSpec server(Member member) {
        return world.source()
                .superuserAt(
                        member.address(), "postgres", "switchback/" + world.runId() + "/" + id());
    }
}
