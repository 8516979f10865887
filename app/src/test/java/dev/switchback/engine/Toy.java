package dev.switchback.engine;

import dev.switchback.progress.Progress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** One toy migration: its world, its journal, its steps, and runs over them. */
final class Toy {
    static final Timing FAST =
            new Timing(
                    Duration.ofMillis(200),
                    Duration.ofMillis(300),
                    Duration.ofSeconds(5),
                    2,
                    Duration.ofMillis(1),
                    Duration.ofMillis(100),
                    Duration.ofMillis(10),
                    Duration.ofMillis(5));

    final ToyWorld world = new ToyWorld();
    final MemoryJournal journal = new MemoryJournal();
    final ToyLock lock = new ToyLock();
    final List<Progress.Event> events = new CopyOnWriteArrayList<>();

    final ToyStep check = new ToyStep(world, "check", "check", "", UndoAt.NEVER);
    final ToyStep roles = new ToyStep(world, "roles", "roles", "made", UndoAt.ABORT);
    final ToyStep slot = new ToyStep(world, "slot", "slot", "made", UndoAt.ABORT);
    final ToyStep stopWriters =
            new ToyStep(world, "stop-writers", "writers", "0", UndoAt.RELEASE_FIRST).downtime();
    final ToyStep fence =
            new ToyStep(world, "fence", "fence", "on", UndoAt.RELEASE_FIRST).downtime();
    final ToyStep reverse =
            new ToyStep(world, "reverse", "reverse", "made", UndoAt.RELEASE).downtime();
    final ToyStep endpoint =
            new ToyStep(world, "endpoint", "endpoint", "target", UndoAt.RELEASE_FIRST).downtime();
    final ToyStep open =
            new ToyStep(world, "open-target", "target", "open", UndoAt.NEVER).downtime();
    final ToyStep startWriters =
            new ToyStep(world, "start-writers", "writers", "3 again", UndoAt.NEVER).downtime();
    final ToyStep probe = new ToyStep(world, "probe", "probe", "fine", UndoAt.NEVER);

    private UnaryOperator<Runbook.Builder> more = b -> b;
    private UnaryOperator<RunOptions> options = o -> o;
    Herald herald = Herald.SILENT;
    private int runs;

    Toy with(UnaryOperator<Runbook.Builder> guardsGatesScopes) {
        more = guardsGatesScopes;
        return this;
    }

    Toy options(UnaryOperator<RunOptions> change) {
        options = change;
        return this;
    }

    Runbook runbook() {
        Runbook.Builder builder =
                Runbook.named("Toy")
                        .phase(Phase.CHECK, check)
                        .phase(Phase.PREPARE, roles, slot)
                        .phase(Phase.CUTOVER, stopWriters, fence, reverse, endpoint, open)
                        .phase(Phase.CUTOVER, startWriters)
                        .phase(Phase.SETTLE, probe)
                        .commitAt("open-target");
        return more.apply(builder).build();
    }

    Run run() {
        return run(journal);
    }

    Run run(Journal over) {
        return run(runbook(), over);
    }

    Run run(Runbook book, Journal over) {
        runs++;
        RunOptions plain =
                RunOptions.of("toy/toy", "uid-1", "run-" + runs, "ada")
                        .withPoll(Duration.ofMillis(5));
        return new Run(
                book,
                over,
                lock,
                InstantSource.system(),
                events::add,
                options.apply(plain),
                FAST,
                herald);
    }

    /** Work that cannot be stopped. */
    static void waitDeafly(CountDownLatch testOver) {
        boolean over = false;
        while (!over) {
            try {
                over = testOver.await(1, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                over = testOver.getCount() == 0;
            }
        }
    }

    List<String> audit() {
        List<String> whats = new ArrayList<>();
        journal.state().audit().forEach(entry -> whats.add(entry.what()));
        return whats;
    }
}
