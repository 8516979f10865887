package dev.switchback.engine;

import java.util.function.UnaryOperator;

/** The way back of a {@link Toy} whose target serves, with a commit point of its own. */
final class ToyReturn {
    final Toy toy = new Toy();

    final ToyStep stopWriters =
            step("return-stop-writers", "writers", "0", UndoAt.RELEASE_FIRST).downtime();
    final ToyStep drain = step("drain", "drained", "yes", UndoAt.RELEASE).downtime();
    final ToyStep closeTarget =
            step("close-target", "target", "closed", UndoAt.RELEASE_FIRST).downtime();
    final ToyStep endpoint =
            step("return-endpoint", "endpoint", "source", UndoAt.RELEASE_FIRST).downtime();
    final ToyStep dropReverse =
            step("drop-reverse", "reverse", "none", UndoAt.RELEASE_FIRST).downtime();
    final ToyStep openSource = step("open-source", "fence", "off", UndoAt.NEVER).downtime();
    final ToyStep startWriters =
            step("return-start-writers", "writers", "3", UndoAt.NEVER).downtime();
    final ToyStep tidy = step("tidy", "drained", "", UndoAt.NEVER);

    private UnaryOperator<Runbook.Builder> more = b -> b;

    private ToyStep step(String id, String fact, String value, UndoAt undoAt) {
        return new ToyStep(toy.world, id, fact, value, undoAt);
    }

    ToyReturn with(UnaryOperator<Runbook.Builder> guardsGatesScopes) {
        more = guardsGatesScopes;
        return this;
    }

    /** Its target serves, every forward step but the last is done. */
    static ToyReturn committed() {
        ToyReturn back = new ToyReturn();
        back.toy.options(o -> o.withUntil(Phase.CUTOVER));
        back.toy.run().forward();
        back.toy.options(o -> o);
        return back;
    }

    /** Its target serves, everything forward is done. */
    static ToyReturn completed() {
        ToyReturn back = new ToyReturn();
        back.toy.run().forward();
        return back;
    }

    Runbook runbook() {
        return more.apply(
                        Runbook.named("ToyReturn")
                                .phase(
                                        Phase.CUTOVER,
                                        stopWriters,
                                        drain,
                                        closeTarget,
                                        endpoint,
                                        dropReverse,
                                        openSource,
                                        startWriters)
                                .phase(Phase.SETTLE, tidy)
                                .returning()
                                .commitAt("open-source"))
                .build();
    }

    /** The same without a commit point: it can only be finished. */
    Runbook withoutCommitPoint() {
        return Runbook.named("ToyReturn")
                .phase(Phase.CUTOVER, stopWriters, closeTarget, endpoint, openSource, startWriters)
                .returning()
                .build();
    }

    Run run() {
        return run(toy.journal);
    }

    Run run(Journal over) {
        return toy.run(runbook(), over);
    }

    JournalState journal() {
        return toy.journal.state();
    }
}
