package dev.switchback.steps.slots;

import dev.switchback.engine.Facts;
import dev.switchback.engine.StepContext;
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
 * {@code wal_level} on the source's servers: what they run with, and the way back to what it was,
 * which the operator brings about by restarting every member.
 */
final class WalLevel {
    /** A restart waits for the shutdown checkpoint, and the operator takes one member at a time. */
    static final Duration RESTARTS = Duration.ofMinutes(10);

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final String LOGICAL = "logical";

    private final World world;
    private final String step;

    /**
     * @param step for the sessions' names
     */
    WalLevel(World world, String step) {
        this.world = world;
        this.step = step;
    }

    /**
     * Brings back what {@link EnableLogicalWal} found; nothing where it changed nothing.
     *
     * @throws SwitchbackException LOGICAL_SLOTS_LEFT, STEP_TIMEOUT
     */
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
    Optional<String> unsettled(String level) throws SQLException {
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

    String served() throws SQLException {
        try (Connection leader = Pg.open(world.source("postgres", step))) {
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
                .orElseGet(() -> List.of(world.source("postgres", step)));
    }

    private String application() {
        return "switchback/" + world.runId() + "/" + step;
    }
}
