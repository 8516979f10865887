package dev.switchback.steps;

import dev.switchback.engine.StepContext;
import dev.switchback.pg.Stopper;

/** The engine's stop, in the data rooms' words. */
public record Stops(StepContext context) implements Stopper {
    @Override
    public void checkpoint() throws InterruptedException {
        context.checkpoint();
    }

    @Override
    public AutoCloseable onStop(Runnable hook) {
        return context.onStop(hook);
    }
}
