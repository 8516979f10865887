package dev.switchback.steps.slots;

import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.engine.UndoAt;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.steps.World;
import dev.switchback.zalando.EnableLogical;
import dev.switchback.zalando.Patroni;
import dev.switchback.zalando.Patroni.Member;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Makes the source write what a logical slot needs. The operator restarts PostgreSQL on every
 * member for it, replicas first, the leader last: seconds without service each, no failover. {@code
 * abort} goes back the same way, but only when no logical slot is left on any member: PostgreSQL
 * does not start with a lower level and one of them.
 */
public final class EnableLogicalWal implements Step {
    /** A restart waits for the shutdown checkpoint, and the operator takes one member at a time. */
    private static final Duration RESTARTS = Duration.ofMinutes(10);

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final String LOGICAL = "logical";

    private final World world;

    public EnableLogicalWal(World world) {
        this.world = world;
    }

    @Override
    public String id() {
        return "enable-logical-wal";
    }

    @Override
    public String title() {
        return "Make the source write logical WAL";
    }

    @Override
    public UndoAt undoAt() {
        return UndoAt.ABORT;
    }

    @Override
    public Duration deadline() {
        return RESTARTS;
    }

    @Override
    public Observation observe(StepContext context) throws Exception {
        Optional<String> contrary = world.source().enableLogical().contrary();
        if (contrary.isPresent()) {
            return Observation.todo(
                    world.source().display() + " asks for wal_level " + contrary.get());
        }
        return unsettled(LOGICAL)
                .map(Observation::todo)
                .orElseGet(() -> Observation.done("walLevel", LOGICAL));
    }

    @Override
    public Facts capture(StepContext context) throws SQLException {
        return new Facts(world.source().enableLogical().capture(served()));
    }

    @Override
    public void apply(StepContext context) throws SQLException {
        if (served().equals(LOGICAL) && world.source().enableLogical().contrary().isEmpty()) {
            return; // it was so, or a run before us asked for it: only the waiting is left
        }
        context.note(
                "the operator restarts PostgreSQL on every member of "
                        + world.source().display()
                        + " for wal_level=logical, the leader last: seconds without service each");
        world.source().enableLogical().enable();
    }

    @Override
    public void undo(StepContext context) throws Exception {
        goBack(context, context.captured());
    }

    void goBack(StepContext context, Facts captured) throws Exception {
        EnableLogical parameter = world.source().enableLogical();
        String before = EnableLogical.before(captured.values());
        if (before.isEmpty() || before.equals(LOGICAL)) {
            return; // it was so without us, and then apply wrote nothing
        }
        if (!served().equals(before)) {
            refuseWhileSlotsNeedIt();
            context.note(
                    "the operator restarts PostgreSQL on every member of "
                            + world.source().display()
                            + " for wal_level="
                            + before);
        }
        parameter.disable(captured.values());
        await(context, before);
        parameter.forget(captured.values());
    }

    private void await(StepContext context, String level) throws InterruptedException {
        long end = System.nanoTime() + RESTARTS.toNanos();
        while (true) {
            Optional<String> missing = tolerant(level);
            if (missing.isEmpty()) {
                return;
            }
            if (System.nanoTime() > end) {
                throw new SwitchbackException(
                        Code.STEP_TIMEOUT,
                        world.source().display(),
                        "wal_level " + level + " did not come back: " + missing.get(),
                        "kubectl describe postgresql " + world.source().name() + ", run it again");
            }
            context.checkpoint();
            Thread.sleep(BETWEEN_LOOKS);
        }
    }

    /** A server that restarts cannot be read, which is no failure yet: the deadline bounds it. */
    private Optional<String> tolerant(String level) {
        try {
            return unsettled(level);
        } catch (SwitchbackException e) {
            return Optional.of("cannot be read: " + e.problem().what());
        } catch (SQLException e) {
            return Optional.of("cannot be read: " + Pg.words(e));
        }
    }

    /** Why the cluster does not yet run with this level everywhere. */
    private Optional<String> unsettled(String level) throws SQLException {
        String served = served();
        if (!served.equals(level)) {
            return Optional.of("the leader's wal_level is " + served);
        }
        List<String> pending =
                world.source().patroni().map(Patroni::members).orElseGet(List::of).stream()
                        .filter(m -> m.pendingRestart() || m.rollingUpdate())
                        .map(Member::name)
                        .toList();
        if (!pending.isEmpty()) {
            return Optional.of("waiting for a restart: " + String.join(", ", pending));
        }
        String status = world.source().status();
        return status.equals("Running")
                ? Optional.empty()
                : Optional.of("the operator reports '" + status + "'");
    }

    private String served() throws SQLException {
        try (Connection leader = Pg.open(world.source("postgres", id()))) {
            return Sql.one(leader, "SHOW wal_level");
        }
    }

    private void refuseWhileSlotsNeedIt() {
        List<String> left = new ArrayList<>();
        for (ConnectionSpec server : servers()) {
            left.addAll(
                    ServerSlots.read(server).logical().stream()
                            .map(s -> s.name() + " of database " + s.database())
                            .toList());
        }
        if (!left.isEmpty()) {
            throw new SwitchbackException(
                    Code.LOGICAL_SLOTS_LEFT,
                    world.source().display(),
                    "wal_level stays logical, because PostgreSQL would not start without it while these"
                            + " logical slots exist: "
                            + left.stream().distinct().collect(Collectors.joining(", ")),
                    "drop them on every member when nobody uses them"
                            + " (SELECT pg_drop_replication_slot('…')), and run it again");
        }
    }

    /** Every member, or what the Service leads to where nothing of Patroni can be seen. */
    private List<ConnectionSpec> servers() {
        return world.source()
                .patroni()
                .map(p ->
                        p.members().stream()
                                .map(m ->
                                        world.source()
                                                .superuserAt(
                                                        m.address(), "postgres", application()))
                                .toList())
                .filter(servers -> !servers.isEmpty())
                .orElseGet(() -> List.of(world.source("postgres", id())));
    }

    private String application() {
        return "switchback/" + world.runId() + "/" + id();
    }
}
