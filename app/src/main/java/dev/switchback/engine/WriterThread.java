package dev.switchback.engine;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * The one thread on which the journal is read and written: nobody interrupts it, so that stopping a
 * step never breaks a write. An {@link Error} is final: what follows it fails with it unwritten.
 */
final class WriterThread implements AutoCloseable {
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("journal").factory());
    private volatile @Nullable Error broken;

    boolean usable() {
        return broken == null;
    }

    /** Waits for the piece's end, whatever happens to the caller. */
    <T> T call(Callable<T> piece) {
        CompletableFuture<T> end = new CompletableFuture<>();
        thread.execute(() -> {
            try {
                Error before = broken;
                if (before != null) {
                    throw before;
                }
                end.complete(piece.call());
            } catch (Throwable t) {
                if (t instanceof Error error) {
                    broken = error;
                }
                end.completeExceptionally(t);
            }
        });
        Waiting.until(end, StepThread.UNLIMITED);
        if (end.isCompletedExceptionally()) {
            switch (end.exceptionNow()) {
                case Error error -> throw error;
                case RuntimeException own -> throw own;
                case Throwable other -> throw new IllegalStateException(other);
            }
        }
        return end.resultNow();
    }

    @Override
    public void close() {
        thread.shutdown();
    }
}
