package dev.switchback.engine;

import dev.switchback.engine.Boundary.Kind;
import dev.switchback.engine.JournalState.Status;
import dev.switchback.engine.JournalState.StepRecord;
import dev.switchback.engine.JournalState.StepState;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Puts the service back on the old side. The old side of a way back is the target.
 *
 * <ol>
 *   <li>The journal says RELEASING with the reason; from here every run that comes finishes this.
 *   <li>Steps to undo first, newest first: they bring the service back. One that fails ends the
 *       release as incomplete; the next run takes it up again.
 *   <li>The other steps, newest first. One that fails is a leftover and keeps nothing else back.
 *   <li>For an abort: what is kept between attempts, newest first, likewise.
 *   <li>The journal says RELEASED, or ABORTED when everything is gone.
 * </ol>
 *
 * <p>Of a way back: the journal says STAYING meanwhile; (3) takes every other step, since there is
 * nothing to keep for a next try; only its own steps' records are looked at, and in the end they
 * are dropped but for leftovers, and the journal says COMMITTED and is the forward runbook's again.
 *
 * <p>Invariants: never past the commit point; never without lock and epoch; only captures are used;
 * what was found is left; nothing of (3) or (4) is touched before (2) is complete; no signal cuts
 * (2) short, a further one ends (3) and (4).
 */
final class Release {
    /**
     * @param complete the journal says RELEASED or ABORTED
     */
    record End(boolean complete, List<Problem> problems, List<Problem> leftovers) {}

    private final Session session;
    private final Undo undo;
    private final boolean everything;
    private final boolean stay;

    /**
     * @param everything also what is kept between attempts
     */
    Release(Session session, boolean everything) {
        this.session = session;
        this.undo = new Undo(session);
        this.everything = everything;
        this.stay = session.runbook().canStay();
    }

    /**
     * @param reason for the audit trail
     * @param hung a step whose work did not end: it may act after its undo, so it stays a leftover
     */
    End run(String reason, Optional<String> hung) {
        if (session.committed()) {
            throw new IllegalStateException("nothing is released past the commit point");
        }
        int signalsBefore = session.signal().times();
        Status meanwhile = stay ? Status.STAYING : Status.RELEASING;
        boolean fresh = session.state().status() != meanwhile;
        session.journal()
                .update(
                        word(stay) + reason,
                        draft ->
                                draft.status(meanwhile)
                                        .forgetTold(t -> fresh && !stay && ofRelease(t)));
        if (!stay) {
            session.heralding().whilePuttingBack(Boundary.begun(Kind.RELEASE_BEGUN, reason));
        }
        boolean nothing = order().stream().allMatch(when -> newestFirst(when).isEmpty());
        session.say((nothing ? "nothing to put back: " : "putting everything back: ") + reason);
        List<Problem> leftovers = new ArrayList<>();
        for (UndoAt when : order()) {
            for (StepRecord record : newestFirst(when)) {
                boolean first = when == UndoAt.RELEASE_FIRST;
                if (!first && session.signal().times() > signalsBefore) {
                    return new End(false, List.of(cutShort()), leftovers);
                }
                Optional<Problem> problem = undo.of(record);
                if (problem.isPresent() && first) {
                    return new End(false, List.of(problem.get()), leftovers);
                }
                problem.or(() -> hung.filter(record.id()::equals).map(Release::mayStillAct))
                        .ifPresent(p -> leave(record, p, leftovers));
            }
        }
        if (stay) {
            session.heralding().whilePuttingBack(Boundary.ended(Kind.RETURN_ENDED, "stayed"));
            stayed();
            return new End(true, List.of(), leftovers);
        }
        leftovers.addAll(unknownSteps());
        Status end = everything && leftovers.isEmpty() ? Status.ABORTED : Status.RELEASED;
        session.heralding()
                .whilePuttingBack(
                        Boundary.ended(
                                Kind.RELEASE_ENDED,
                                end == Status.ABORTED ? "aborted" : "released"));
        session.journal()
                .update(
                        end == Status.ABORTED ? "aborted" : "released",
                        draft -> {
                            draft.status(end).request(null).run(null);
                            if (end == Status.ABORTED) {
                                draft.decisions(Decisions.NONE);
                            }
                        });
        return new End(true, List.of(), leftovers);
    }

    private static boolean ofRelease(Told told) {
        return told.kind() == Kind.RELEASE_BEGUN || told.kind() == Kind.RELEASE_ENDED;
    }

    /** How the audit trail's entry begins that holds the reason. */
    static String word(boolean stay) {
        return stay ? "staying: " : "releasing: ";
    }

    private void stayed() {
        session.journal()
                .update(
                        "stayed",
                        draft ->
                                draft.status(Status.COMMITTED)
                                        .request(null)
                                        .run(null)
                                        .drop(this::isOver)
                                        .forwardAgain());
    }

    private boolean isOver(StepRecord record) {
        return session.runbook().entry(record.id()).isPresent()
                && record.state() != StepState.LEFTOVER;
    }

    private List<UndoAt> order() {
        return everything || stay
                ? List.of(UndoAt.RELEASE_FIRST, UndoAt.RELEASE, UndoAt.ABORT)
                : List.of(UndoAt.RELEASE_FIRST, UndoAt.RELEASE);
    }

    private List<StepRecord> newestFirst(UndoAt when) {
        return session.state().steps().reversed().stream()
                .filter(Undo::due)
                .filter(record ->
                        session.runbook()
                                .entry(record.id())
                                .filter(e -> e.step().undoAt() == when)
                                .isPresent())
                .toList();
    }

    /** Of another version's runbook: we cannot undo them and do not hide them. */
    private List<Problem> unknownSteps() {
        return session.state().steps().stream()
                .filter(Undo::due)
                .filter(record -> session.runbook().entry(record.id()).isEmpty())
                .flatMap(record -> undo.of(record).stream())
                .toList();
    }

    private void leave(StepRecord record, Problem problem, List<Problem> leftovers) {
        session.journal()
                .update(
                        "left over " + record.id() + ": " + problem.what(),
                        draft -> draft.put(Records.in(StepState.LEFTOVER, record)));
        leftovers.add(problem);
    }

    private static Problem mayStillAct(String id) {
        return new Problem(
                Code.UNDO_FAILED,
                id,
                "was taken back, but its work was stopped and did not end, so it may act again",
                "run the same command again: it takes it back once more");
    }

    private Problem cutShort() {
        Problem cause = session.signal().cause().map(Stop::problem).orElseThrow();
        return new Problem(
                cause.code(),
                cause.object(),
                "stopped again while putting things back; the service is back on the old side",
                "run the same command again: it finishes the release first");
    }
}
