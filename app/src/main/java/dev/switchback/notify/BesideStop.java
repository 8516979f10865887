package dev.switchback.notify;

import dev.switchback.pg.Stopper;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stops what is told beside a run, once the run has ended and waited long enough. */
final class BesideStop implements Stopper {
    private final Set<Runnable> hooks = ConcurrentHashMap.newKeySet();
    private volatile boolean stopped;

    void stop() {
        stopped = true;
        List<Runnable> due = new ArrayList<>(hooks);
        hooks.clear();
        due.forEach(Runnable::run);
    }

    @Override
    public void checkpoint() throws InterruptedException {
        if (stopped) {
            throw new InterruptedException("the run has ended");
        }
    }

    @Override
    public AutoCloseable onStop(Runnable hook) {
        hooks.add(hook);
        if (stopped && hooks.remove(hook)) {
            hook.run();
        }
        return () -> hooks.remove(hook);
    }
}
