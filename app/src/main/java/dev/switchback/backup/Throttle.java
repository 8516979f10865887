package dev.switchback.backup;

import dev.switchback.pg.Stopper;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Slows the reading of {@code pg_dump}'s pipe down; a full pipe makes it wait, and with it its
 * session on the source.
 *
 * <ol>
 *   <li>More bytes than the rate allows since the start: wait until they are allowed.
 *   <li>The source answers slower than {@link #FACTOR} times its idle answer, and by more than
 *       {@link #FLOOR_MILLIS}: wait until it recovers, but no longer than {@link #LONGEST_PAUSE} at
 *       a time, so that the dump, whose snapshot holds back vacuum, ends.
 * </ol>
 */
final class Throttle {
    static final double FACTOR = 5;
    static final double FLOOR_MILLIS = 20;
    private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(10);
    private static final long LOOK_AGAIN_MILLIS = 50;

    private final Optional<Long> rate;
    private final @Nullable LatencyProbe probe;
    private final Stopper stopper;
    private final Consumer<String> note;
    private final long start = System.nanoTime();
    private long bytes;
    private long pausedNanos;
    private boolean rateTold;
    private int pauses;

    Throttle(
            Optional<Long> rate,
            @Nullable LatencyProbe probe,
            Stopper stopper,
            Consumer<String> note) {
        this.rate = rate;
        this.probe = probe;
        this.stopper = stopper;
        this.note = note;
    }

    /** Called after so many bytes came through the pipe. */
    void passed(int length) throws InterruptedException {
        bytes += length;
        if (rate.isPresent()) {
            holdTo(rate.get());
        }
        if (probe != null) {
            spare(probe);
        }
    }

    private void holdTo(long bytesASecond) throws InterruptedException {
        long due = (long) (bytes * 1e9 / bytesASecond);
        long early = due - (System.nanoTime() - start - pausedNanos);
        if (early > 0) {
            if (!rateTold) {
                note.accept("held to " + Bytes.of(bytesASecond) + "/s: spec.backup.maxRate");
                rateTold = true;
            }
            TimeUnit.NANOSECONDS.sleep(early);
        }
    }

    private void spare(LatencyProbe source) throws InterruptedException {
        double slow = Math.max(source.idleMillis() * FACTOR, source.idleMillis() + FLOOR_MILLIS);
        double now = source.nowMillis();
        if (now <= slow) {
            return;
        }
        pauses++;
        note.accept(
                String.format(
                        Locale.ROOT,
                        "paused: the source answers in %.0f ms, %.1f ms when idle",
                        now,
                        source.idleMillis()));
        long from = System.nanoTime();
        while (source.nowMillis() > slow && System.nanoTime() - from < LONGEST_PAUSE) {
            stopper.checkpoint();
            TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
        }
        long paused = System.nanoTime() - from;
        pausedNanos += paused;
        note.accept(
                String.format(
                        Locale.ROOT,
                        "goes on after %.1f s: the source answers in %.0f ms",
                        paused / 1e9,
                        source.nowMillis()));
    }

    /** How often the source's latency made it wait. */
    int pauses() {
        return pauses;
    }
}
