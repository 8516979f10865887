package dev.switchback.cli;

import dev.switchback.pg.Stopper;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C and SIGTERM for commands that have nothing to put back: what runs on the servers is
 * cancelled before the process ends, so that no long query outlives it.
 */
final class Interruption implements Stopper {
    /** How long the servers get to hear of it. */
    private static final long GRACE_MILLIS = 1_500;

    private final Set<Runnable> hooks = ConcurrentHashMap.newKeySet();
    private volatile boolean asked;

    private Interruption() {}

    /** From now on a signal reaches the work. */
    static Interruption armed() {
        Interruption interruption = new Interruption();
        Runtime.getRuntime()
                .addShutdownHook(
                        Thread.ofPlatform()
                                .name("switchback-interrupt")
                                .unstarted(interruption::stop));
        return interruption;
    }

    private void stop() {
        asked = true;
        if (hooks.isEmpty()) {
            return;
        }
        hooks.forEach(Runnable::run);
        try {
            TimeUnit.MILLISECONDS.sleep(GRACE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void checkpoint() throws InterruptedException {
        if (asked) {
            throw new InterruptedException("asked by a signal");
        }
    }

    @Override
    public AutoCloseable onStop(Runnable hook) {
        hooks.add(hook);
        return () -> hooks.remove(hook);
    }
}
