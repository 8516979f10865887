package dev.switchback.notify;

import dev.switchback.engine.Boundary;
import dev.switchback.engine.Phase;
import dev.switchback.spec.Announcement;
import dev.switchback.spec.HookMoment;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Which of the document's moments a boundary of a run is. */
public final class Moments {
    private Moments() {}

    static Optional<HookMoment> hooks(Boundary boundary) {
        return switch (boundary.kind()) {
            case BEFORE_PHASE -> of("before", boundary);
            case AFTER_PHASE -> of("after", boundary);
            case RELEASE_BEGUN -> Optional.of(HookMoment.ON_ABORT);
            case RELEASE_ENDED -> Optional.of(HookMoment.AFTER_ABORT);
            case RETURN_BEGUN -> Optional.of(HookMoment.ON_ROLLBACK);
            case RETURN_ENDED -> Optional.of(HookMoment.AFTER_ROLLBACK);
            case COUNTDOWN, COMPLETED -> Optional.empty();
        };
    }

    private static Optional<HookMoment> of(String when, Boundary boundary) {
        return boundary.phase().flatMap(p -> HookMoment.of(when + "-" + p.word()));
    }

    /** The phase of a moment that is called before or after one. */
    public static Optional<Phase> phase(HookMoment moment) {
        String word = moment.word().replaceFirst("^(before|after)-", "");
        return Arrays.stream(Phase.values())
                .filter(p -> p.name().toLowerCase(Locale.ROOT).equals(word))
                .findFirst();
    }

    /** The announcement of a boundary; those of a countdown are {@link #countdown}. */
    static Optional<Announcement> announcement(Boundary boundary) {
        return switch (boundary.kind()) {
            case BEFORE_PHASE -> of(boundary, Phase.CUTOVER, Announcement.BEGIN);
            case AFTER_PHASE ->
                    of(boundary, Phase.PREPARE, Announcement.PROGRESS)
                            .or(() -> of(boundary, Phase.SYNC, Announcement.PROGRESS))
                            .or(() -> of(boundary, Phase.CUTOVER, Announcement.PROGRESS));
            case COMPLETED -> Optional.of(Announcement.COMPLETION);
            case RELEASE_BEGUN -> Optional.of(Announcement.ABORT);
            case RELEASE_ENDED -> Optional.of(Announcement.ABORT_END);
            case RETURN_BEGUN -> Optional.of(Announcement.ROLLBACK);
            case RETURN_ENDED -> Optional.of(Announcement.ROLLBACK_END);
            case COUNTDOWN -> Optional.empty();
        };
    }

    private static Optional<Announcement> of(
            Boundary boundary, Phase phase, Announcement announcement) {
        return boundary.phase().equals(Optional.of(phase))
                ? Optional.of(announcement)
                : Optional.empty();
    }

    /** What is due of a countdown at this time, in order: the last is the one to be told. */
    static List<Announcement> countdown(Instant cutoverAt, Instant now) {
        return Arrays.stream(Announcement.values())
                .filter(a -> a.ahead().isPresent())
                .filter(a -> !now.isBefore(cutoverAt.minus(a.ahead().orElse(Duration.ZERO))))
                .toList();
    }
}
