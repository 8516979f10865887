package dev.switchback.cli;

import dev.switchback.pg.Stopper;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stops data work when a signal comes, for commands that are no run of the engine. */
final class SignalStopper implements Stopper {
    private final Set<Runnable> hooks = ConcurrentHashMap.newKeySet();
    private volatile boolean stopped;

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
