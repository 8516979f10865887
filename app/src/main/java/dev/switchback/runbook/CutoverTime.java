package dev.switchback.runbook;

import dev.switchback.engine.Gate;
import dev.switchback.engine.StepContext;
import dev.switchback.steps.writers.StopWriters;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Opens at a stated time and waits for it with the migration held: guards look all the while, and
 * one that breaks, a signal or a pause end the waiting.
 */
public final class CutoverTime implements Gate {
    private static final Duration LOOK = Duration.ofSeconds(1);
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
        while (!context.paused()) {
            context.checkpoint();
            Instant now = clock.instant();
            if (!now.isBefore(at)) {
                break;
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
