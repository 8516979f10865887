package dev.switchback.cli;

import dev.switchback.pg.Stopper;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Stops data work when a signal comes, for commands that are no run of the engine: what runs on the
 * servers is cancelled before the process ends, so that no long query outlives it.
 */
final class SignalStopper implements Stopper {
    /** How long the servers get to hear of it. */
    private static final long GRACE_MILLIS = 1_500;

    private final Set<Runnable> hooks = ConcurrentHashMap.newKeySet();
    private volatile boolean stopped;

    /** For a command that has nothing to put back: a signal reaches the work, then ends it. */
    static SignalStopper armed() {
        SignalStopper stopper = new SignalStopper();
        Runtime.getRuntime()
                .addShutdownHook(
                        Thread.ofPlatform()
                                .name("switchback-interrupt")
                                .unstarted(stopper::stopAndWait));
        return stopper;
    }

    private void stopAndWait() {
        boolean working = !hooks.isEmpty();
        stop();
        if (!working) {
            return;
        }
        try {
            TimeUnit.MILLISECONDS.sleep(GRACE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void stop() {
        stopped = true;
        hooks.forEach(Runnable::run);
    }

    @Override
    public void checkpoint() throws InterruptedException {
        if (stopped) {
            throw new InterruptedException("a signal came");
        }
    }

    @Override
    public AutoCloseable onStop(Runnable hook) {
        hooks.add(hook);
        if (stopped) {
            hook.run();
        }
        return () -> hooks.remove(hook);
    }
}
