package dev.switchback.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells work that it must stop: hooks run first (they close sockets and end children), then {@link
 * #raised} completes and whoever waits for the work interrupts it. The first cause stays; only a
 * lost lock or epoch takes its place. A signal from outside can be made to wait while stopping
 * would leave users without service.
 */
final class StopSignal {
    private static final Duration HOOKS_MAY_TAKE = Duration.ofSeconds(1);

    private final Map<Object, Runnable> hooks = new LinkedHashMap<>();
    private CompletableFuture<Void> raised = new CompletableFuture<>();
    private @Nullable Stop cause;
    private @Nullable Stop waiting;
    private BooleanSupplier signalsWait = () -> false;
    private int times;

    void raise(Stop stop) {
        List<Runnable> due;
        CompletableFuture<Void> tell;
        synchronized (this) {
            times++;
            if (mustWait(stop)) {
                waiting = stop;
                return;
            }
            boolean first = cause == null;
            if (first || (stop instanceof Stop.Lost && !(cause instanceof Stop.Lost))) {
                cause = stop;
            }
            if (!first) {
                return;
            }
            due = new ArrayList<>(hooks.values());
            hooks.clear();
            tell = raised;
        }
        runAll(due);
        tell.complete(null);
    }

    /** While this says so, a signal from outside is kept until {@link #heedWaiting}. */
    synchronized void signalsWaitWhile(BooleanSupplier condition) {
        signalsWait = condition;
    }

    private boolean mustWait(Stop stop) {
        return stop instanceof Stop.Signal && signalsWait.getAsBoolean();
    }

    /** Makes a signal that was raised already wait, if signals wait now; true when it does. */
    synchronized boolean postpone() {
        Stop raisedAlready = cause;
        if (raisedAlready == null || !mustWait(raisedAlready)) {
            return false;
        }
        waiting = raisedAlready;
        dismiss();
        return true;
    }

    /** Raises the signal that waited, unless signals still wait. */
    void heedWaiting() {
        Stop due;
        synchronized (this) {
            due = waiting;
            if (due == null || mustWait(due)) {
                return;
            }
            waiting = null;
        }
        raise(due);
    }

    /** Forgets a cause that no longer stops anything: the commit point was passed meanwhile. */
    synchronized void dismiss() {
        if (cause != null && !(cause instanceof Stop.Lost)) {
            cause = null;
            raised = new CompletableFuture<>();
        }
    }

    synchronized Optional<Stop> cause() {
        return Optional.ofNullable(cause);
    }

    /** How often it was raised: a second Ctrl-C counts. */
    synchronized int times() {
        return times;
    }

    synchronized CompletableFuture<Void> raised() {
        return raised;
    }

    void checkpoint() throws InterruptedException {
        Optional<Stop> stop = cause();
        if (stop.isPresent()) {
            throw new InterruptedException(stop.get().problem().what());
        }
    }

    /** Waits; true when raised before the time was over. */
    boolean await(Duration time) {
        return Waiting.until(raised(), time);
    }

    AutoCloseable onStop(Runnable hook) {
        Object key = new Object();
        synchronized (this) {
            if (cause == null) {
                hooks.put(key, hook);
                return () -> remove(key);
            }
        }
        runAll(List.of(hook));
        return () -> {};
    }

    private synchronized void remove(Object key) {
        hooks.remove(key);
    }

    /** Each on its own thread, so that one that hangs keeps none of the others from running. */
    private static void runAll(List<Runnable> due) {
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        for (Runnable hook : due) {
            CompletableFuture<Void> end = new CompletableFuture<>();
            ends.add(end);
            Thread.ofPlatform()
                    .daemon()
                    .name("stop-hook")
                    .start(() -> {
                        try {
                            hook.run();
                        } finally {
                            end.complete(null);
                        }
                    });
        }
        Waiting.until(
                CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new)), HOOKS_MAY_TAKE);
    }
}
