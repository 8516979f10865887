package dev.switchback.engine;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Does one piece of a step's work on a thread of its own, so that it can be stopped: when the
 * signal is raised its hooks have run, then the thread is interrupted again and again until it ends
 * or the grace is over.
 */
final class StepThread {
    private static final Duration BETWEEN_INTERRUPTS = Duration.ofMillis(250);

    /** No limit in practice; a nanosecond clock still can add it. */
    static final Duration UNLIMITED = Duration.ofDays(3650);

    private StepThread() {}

    /**
     * @param limit raises {@code signal} when the piece takes longer
     * @throws StoppedException when it was stopped and returned nothing
     * @throws Exception its own
     */
    static <T extends @org.jspecify.annotations.Nullable Object> T call(
            String name, StopSignal signal, Duration limit, Duration grace, Callable<T> piece)
            throws Exception {
        CompletableFuture<T> end = new CompletableFuture<>();
        Thread thread =
                Thread.ofPlatform()
                        .daemon()
                        .name("step " + name)
                        .start(() -> {
                            try {
                                end.complete(piece.call());
                            } catch (Throwable t) {
                                end.completeExceptionally(t);
                            }
                        });
        CompletableFuture<?> either = CompletableFuture.anyOf(end, signal.raised());
        if (!Waiting.until(either, limit)) {
            String what = "took longer than " + limit.toSeconds() + " s";
            signal.raise(new Stop.Overdue(new Problem(Code.STEP_TIMEOUT, name, what, "")));
        }
        long graceOver = System.nanoTime() + grace.toNanos();
        while (!end.isDone() && System.nanoTime() < graceOver) {
            thread.interrupt();
            Waiting.until(end, BETWEEN_INTERRUPTS);
        }
        if (!end.isDone()) {
            throw new StoppedException(signal.cause().orElseThrow(), true);
        }
        try {
            return end.join();
        } catch (CompletionException e) {
            if (signal.cause().isPresent()) {
                throw new StoppedException(signal.cause().get(), false);
            }
            switch (e.getCause()) {
                case Exception own -> throw own;
                case Error own -> throw own;
                case null, default -> throw e;
            }
        }
    }
}
