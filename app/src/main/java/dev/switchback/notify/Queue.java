package dev.switchback.notify;

import dev.switchback.fault.SwitchbackException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One thread that tells, in order, so that a run whose users wait need not: bounded both ways. */
final class Queue implements AutoCloseable {
    private static final int WAITING = 64;

    private final ThreadPoolExecutor thread =
            new ThreadPoolExecutor(
                    1,
                    1,
                    0,
                    TimeUnit.SECONDS,
                    new LinkedBlockingQueue<>(),
                    Thread.ofPlatform().daemon().name("tell").factory());

    /**
     * @return false when too much waits already
     */
    boolean beside(Runnable work) {
        if (thread.getQueue().size() >= WAITING) {
            return false;
        }
        try {
            var _ = thread.submit(work);
            return true;
        } catch (RejectedExecutionException e) {
            return false; // the run has ended
        }
    }

    /**
     * Does it after what was queued before and waits for it.
     *
     * @throws InterruptedException when the waiting was interrupted; the work is, too
     * @throws SwitchbackException its own
     */
    <T> T andWait(Callable<T> work) throws InterruptedException {
        Future<T> end = thread.submit(work);
        try {
            return end.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case SwitchbackException own -> throw own;
                case InterruptedException own -> throw own;
                case null, default -> throw new IllegalStateException(e.getCause());
            }
        } finally {
            end.cancel(true);
        }
    }

    /** Waits until everything queued is done; false when the time was over first. */
    boolean drained(Duration time) {
        try {
            thread.submit(() -> {}).get(time.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | RejectedExecutionException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
