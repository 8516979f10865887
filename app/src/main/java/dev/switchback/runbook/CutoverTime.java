package dev.switchback.runbook;

import dev.switchback.engine.Gate;
import dev.switchback.engine.StepContext;
import dev.switchback.fault.Problem;
import dev.switchback.steps.writers.StopWriters;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Opens at a stated time and waits for it with the migration held: guards look all the while, and
 * one that breaks, a signal or a pause end the waiting; so does an announcement of it that fails
 * and shall hold the run. It stays closed once the time is long past: users were told another.
 */
public final class CutoverTime implements Gate {
    /** Of the real time: the clock may be one that a drill makes run fast. */
    private static final Duration LOOK = Duration.ofMillis(250);

    /** What comes later was announced for another time. */
    static final Duration LATE = Duration.ofMinutes(15);

    private static final Duration TELL = Duration.ofMinutes(5);

    private final Instant at;
    private final InstantSource clock;

    public CutoverTime(Instant at, InstantSource clock) {
        this.at = at;
        this.clock = clock;
    }

    @Override
    public String id() {
        return "cutover-time";
    }

    @Override
    public String before() {
        return StopWriters.ID;
    }

    @Override
    public Optional<String> closedBecause(StepContext context) throws InterruptedException {
        Instant tellAt = clock.instant();
        if (tellAt.isAfter(at.plus(LATE))) {
            return Optional.of(
                    "the time of the cutover, "
                            + at
                            + ", is "
                            + words(Duration.between(at, tellAt))
                            + " past; name another in spec.cutoverAt or with 'switchback cutover"
                            + " --at', or begin now with 'switchback cutover'");
        }
        while (!context.paused()) {
            context.checkpoint();
            Instant now = clock.instant();
            if (!now.isBefore(at)) {
                break;
            }
            Optional<Problem> unannounced = context.countdown();
            if (unannounced.isPresent()) {
                return Optional.of(unannounced.get().line());
            }
            if (!now.isBefore(tellAt)) {
                context.note("waiting until " + at + ", " + words(Duration.between(now, at)));
                tellAt = now.plus(TELL);
            }
            long left = Duration.between(now, at).toMillis();
            // a run that is stopped interrupts this
            Thread.sleep(Math.clamp(left, 1, LOOK.toMillis()));
        }
        return Optional.empty();
    }

    /** {@code 6 h 10 min}, and seconds only when there is nothing greater. */
    public static String words(Duration time) {
        long minutes = time.toMinutes();
        if (minutes == 0) {
            return time.toSeconds() + " s";
        }
        return minutes < 60 ? minutes + " min" : minutes / 60 + " h " + minutes % 60 + " min";
    }
}
