package dev.switchback.engine;

import java.util.Optional;

/**
 * A place in a run where others may want to hear of it, before anything behind it is begun.
 *
 * @param phase of the two kinds that name one
 * @param result how what ended there ended: {@code released}, {@code aborted}, {@code returned},
 *     {@code stayed}, {@code migrated}; empty where nothing ended
 * @param reason why what begins there begins; empty where that says itself
 */
public record Boundary(Boundary.Kind kind, Optional<Phase> phase, String result, String reason) {

    /** The kinds, in the order in which a migration comes by them. */
    public enum Kind {
        /**
         * Before the first step of a phase; of a phase that takes the service from users, before
         * the step that does, after its gates.
         */
        BEFORE_PHASE,
        /** Again and again while a run waits for the time of its cutover. */
        COUNTDOWN,
        /** Every step of a phase is done, none of a later one begun. */
        AFTER_PHASE,
        /** Every step is done. */
        COMPLETED,
        /** Putting everything back before the commit point begins; service is not to wait. */
        RELEASE_BEGUN,
        RELEASE_ENDED,
        /** A way back after the commit point begins. */
        RETURN_BEGUN,
        RETURN_ENDED
    }

    static Boundary before(Phase phase) {
        return new Boundary(Kind.BEFORE_PHASE, Optional.of(phase), "", "");
    }

    static Boundary after(Phase phase) {
        return new Boundary(Kind.AFTER_PHASE, Optional.of(phase), "", "");
    }

    public static Boundary countdown() {
        return new Boundary(Kind.COUNTDOWN, Optional.empty(), "", "");
    }

    static Boundary begun(Kind kind, String reason) {
        return new Boundary(kind, Optional.empty(), "", reason);
    }

    static Boundary ended(Kind kind, String result) {
        return new Boundary(kind, Optional.empty(), result, "");
    }

    public boolean is(Kind other, Phase of) {
        return kind == other && phase.equals(Optional.of(of));
    }

    /** Begin or end of putting back, or of a way back: it may happen again within an attempt. */
    static boolean ofTakingBack(Kind kind) {
        return switch (kind) {
            case RELEASE_BEGUN, RELEASE_ENDED, RETURN_BEGUN, RETURN_ENDED -> true;
            case BEFORE_PHASE, COUNTDOWN, AFTER_PHASE, COMPLETED -> false;
        };
    }
}
