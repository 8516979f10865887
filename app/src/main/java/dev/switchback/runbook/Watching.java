package dev.switchback.runbook;

import dev.switchback.engine.Facts;
import dev.switchback.engine.JournalState;
import dev.switchback.engine.JournalState.StepRecord;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.health.ApplicationHealth;
import dev.switchback.link.Link;
import dev.switchback.link.LinkStatus;
import dev.switchback.progress.Progress;
import dev.switchback.settle.Baselines;
import dev.switchback.settle.Checklists;
import dev.switchback.settle.Checklists.Checklist;
import dev.switchback.settle.Watch;
import dev.switchback.settle.WatchRecord;
import dev.switchback.settle.WatchRecord.Baseline;
import dev.switchback.settle.WatchStore;
import dev.switchback.settle.WayBack;
import dev.switchback.steps.World;
import dev.switchback.steps.link.Links;
import dev.switchback.steps.proof.RecordBaseline;
import dev.switchback.steps.roles.OpenTarget;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Watching as a command of its own: what the journal says is what is watched. */
public final class Watching {
    private Watching() {}

    /**
     * A watch of this migration's switch.
     *
     * @throws SwitchbackException NOT_NOW before the commit point, and once the source serves again
     */
    public static Watch of(Stage stage, Progress progress) {
        JournalState state = stage.requireState();
        requireSwitched(state);
        return new Watch(
                stage.world(),
                state.uid(),
                committed(state),
                before(state),
                () -> standing(stage),
                progress);
    }

    private static void requireSwitched(JournalState state) {
        String why =
                switch (state.status()) {
                    case COMMITTED, COMPLETED -> "";
                    case NEW, RUNNING, RELEASING, RELEASED, ABORTED ->
                            "the target does not serve yet: there is nothing to watch";
                    case RETURNING, STAYING -> "the migration is on its way back";
                    case RETURN_COMMITTED, RETURNED -> "the source serves again";
                    case CLEANING, CLEANED -> "the migration is over and cleaned up";
                };
        if (!why.isEmpty()) {
            throw new SwitchbackException(
                    Code.NOT_NOW, state.migration(), why, "see: switchback status");
        }
    }

    /** What watching found; empty when nobody watched this switch. */
    public static Optional<WatchRecord> record(Stage stage, JournalState state) {
        return new WatchStore(
                        stage.world().kube(),
                        stage.migration().namespace(),
                        stage.migration().name())
                .read(state.uid(), committed(state));
    }

    /**
     * The way back is not given up before the target can be restored.
     *
     * @throws SwitchbackException CNPG_BACKUP_NOT_PROVEN
     */
    public static void requireProvenBackup(Stage stage, JournalState state) {
        if (!record(stage, state).map(WatchRecord::backupProven).orElse(false)) {
            throw new SwitchbackException(
                    Code.CNPG_BACKUP_NOT_PROVEN,
                    stage.migration().target().toString(),
                    "no backup of the target is proven: after this the target is the only copy",
                    "prove one with 'switchback watch --once --backup', or pass --without-backup");
        }
    }

    /**
     * The guide's three checklists as they stand now; none before the target serves. A record that
     * cannot be read leaves boxes open and says so: the result of a run is printed all the same.
     */
    public static List<Checklist> checklists(Stage stage, JournalState state) {
        switch (state.status()) {
            case COMMITTED, COMPLETED -> {}
            default -> {
                return List.of();
            }
        }
        Instant now = stage.world().clock().instant();
        try {
            return Checklists.of(stage.migration(), state, record(stage, state), now);
        } catch (SwitchbackException e) {
            return Checklists.unread(stage.migration(), state, e.problem().what(), now);
        }
    }

    private static @Nullable Instant committed(JournalState state) {
        return state.step(OpenTarget.ID).map(StepRecord::finishedAt).orElse(null);
    }

    private static Optional<Baseline> before(JournalState state) {
        Facts evidence = state.step(RecordBaseline.ID).map(StepRecord::evidence).orElse(Facts.NONE);
        Map<String, Long> bytes = new TreeMap<>();
        evidence.under("bytes.").values().forEach((d, b) -> bytes.put(d, Long.parseLong(b)));
        return evidence.get(RecordBaseline.HEALTH)
                .map(ApplicationHealth::fromJson)
                .map(health -> Baselines.before(health, bytes));
    }

    private static WayBack.Standing standing(Stage stage) throws InterruptedException {
        World world = stage.world();
        JournalState state = stage.requireState();
        requireSwitched(state);
        ReverseLink.Standing link = ReverseLink.standing(world, state);
        Rollbacks.Verdict verdict = Rollbacks.verdict(world, state, link);
        boolean withData = verdict.state() == Rollbacks.State.WITH_DATA;
        // a link given up on purpose is none, whatever is left of it
        boolean closed = state.decisions().closed().isPresent();
        return new WayBack.Standing(
                closed ? "none" : link.state().word(),
                link.reason(),
                verdict.word(),
                withData ? verdict.windowEnds() : null,
                closed || link.state() != ReverseLink.State.STREAMING
                        ? List.of()
                        : lags(world, state));
    }

    private static List<WayBack.Lag> lags(World world, JournalState state)
            throws InterruptedException {
        List<WayBack.Lag> lags = new ArrayList<>();
        for (Link link : new Links(world, state.uid(), "watch").reverse()) {
            LinkStatus status = link.status();
            lags.add(new WayBack.Lag(link.database(), status.lagBytes(), status.lagSeconds()));
        }
        return lags;
    }
}
