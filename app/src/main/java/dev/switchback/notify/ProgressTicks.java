package dev.switchback.notify;

import dev.switchback.engine.JournalState.Status;
import dev.switchback.engine.Tidings;
import dev.switchback.estimate.Span;
import dev.switchback.fault.SwitchbackException;
import java.time.Duration;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * While users are without service: how much of the expected downtime is over, by the clock, in
 * steps of some percent; up to twice what was expected. Without a prediction nothing.
 */
final class ProgressTicks implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final int MOST_PERCENT = 200;

    private final int every;
    private final Tidings tidings;
    private final Supplier<Situation> situation;
    private final IntConsumer tick;
    private final Thread thread;
    private volatile boolean ended;

    /**
     * @param situation now, without what takes a look at a server
     * @param tick gets the share that is over, a multiple of {@code every}
     */
    ProgressTicks(int every, Tidings tidings, Supplier<Situation> situation, IntConsumer tick) {
        this.every = every;
        this.tidings = tidings;
        this.situation = situation;
        this.tick = tick;
        this.thread = Thread.ofPlatform().daemon().name("progress-ticks").unstarted(this::look);
    }

    void start() {
        thread.start();
    }

    private void look() {
        int told = 0;
        try {
            while (!ended) {
                int share = goesForward() && tidings.inDowntime() ? share() : 0;
                if (share > told) {
                    told = share;
                    tick.accept(share);
                }
                Thread.sleep(LOOK);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SwitchbackException | IllegalArgumentException e) {
            tidings.note("progress is not announced any more: " + e.getMessage());
        }
    }

    private boolean goesForward() {
        Status status = tidings.state().status();
        return status == Status.RUNNING || status == Status.COMMITTED;
    }

    private int share() {
        Situation now = situation.get();
        double expected = now.predicted().map(Span::expected).orElse(0.0);
        if (expected <= 0 || now.downtime().isEmpty()) {
            return 0;
        }
        double percent = 100 * now.downtime().get().toMillis() / 1000.0 / expected;
        return (int) Math.min(percent, MOST_PERCENT) / every * every;
    }

    @Override
    public void close() {
        ended = true;
        thread.interrupt();
    }
}
