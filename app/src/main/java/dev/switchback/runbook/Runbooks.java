package dev.switchback.runbook;

import dev.switchback.engine.JournalState;
import dev.switchback.engine.Runbook;
import dev.switchback.spec.Migration;
import dev.switchback.steps.World;
import java.util.List;

/** Which runbook a migration runs: forward by its strategy, back by what would be lost. */
public final class Runbooks {
    private Runbooks() {}

    /**
     * The forward runbook of the document's strategy, with its gates in the order in which they are
     * asked: a person's approval, the time of the cutover, and last, since the others may have
     * waited, whether it still ends inside the window.
     */
    static Runbook forward(World world) {
        Migration migration = world.migration();
        Runbook runbook = ungated(world);
        if (migration.approve()) {
            runbook = runbook.withGate(new ApprovalGate());
        }
        if (migration.cutoverAt().isPresent()) {
            runbook = runbook.withGate(new CutoverTime(migration.cutoverAt().get(), world.clock()));
        }
        return migration.window().isPresent()
                ? runbook.withGate(
                        new WindowGate(world, migration.window().get(), () -> ungated(world)))
                : runbook;
    }

    private static Runbook ungated(World world) {
        return switch (world.migration().strategy()) {
            case OFFLINE -> Offline.of(world);
            case ONLINE -> Online.of(world);
        };
    }

    /**
     * The way back, made from what the forward run captured: the one that is under way, else the
     * one with data while the reverse link streams, else the one that loses writes.
     */
    static Runbook wayBack(World world, JournalState state) {
        boolean withData =
                begun(state)
                        ? !state.runbook().equals(WayBack.NAME)
                        : state.decisions().closed().isEmpty()
                                && ReverseLink.standing(world, state).state()
                                        == ReverseLink.State.STREAMING;
        return wayBack(world, state, withData);
    }

    /**
     * The way back to begin after this was said about it: a link that breaks right after does not
     * turn one that was said to lose nothing into one that does.
     */
    public static Runbook wayBack(World world, JournalState state, Rollbacks.Verdict said) {
        return wayBack(world, state, said.state() == Rollbacks.State.WITH_DATA);
    }

    private static Runbook wayBack(World world, JournalState state, boolean withData) {
        return withData ? Return.of(world, state) : WayBack.of(world, state);
    }

    /** The way back that a migration would take once its target serves. */
    public static Runbook plannedWayBack(World world) {
        Migration migration = world.migration();
        return Return.of(
                world,
                JournalState.beforeTheFirstRun(migration.identity(), migration.strategy().word()));
    }

    /** Whether the journal's runbook is a way back. */
    public static boolean begun(JournalState state) {
        return switch (state.status()) {
            case RETURNING, STAYING, RETURN_COMMITTED, RETURNED -> true;
            case NEW,
                    RUNNING,
                    RELEASING,
                    RELEASED,
                    COMMITTED,
                    COMPLETED,
                    ABORTED,
                    CLEANING,
                    CLEANED ->
                    false;
        };
    }

    /** Whether the journal's migration is being tidied up, or is over. */
    public static boolean cleaned(JournalState state) {
        return state.status() == JournalState.Status.CLEANING
                || state.status() == JournalState.Status.CLEANED;
    }

    /** The runbooks whose steps the journal may hold, the forward one first. */
    public static List<Runbook> journalled(World world, JournalState state) {
        if (cleaned(state)) {
            return List.of(forward(world), Cleanup.of(world, state, true));
        }
        return begun(state)
                ? List.of(forward(world), wayBack(world, state))
                : List.of(forward(world));
    }
}
