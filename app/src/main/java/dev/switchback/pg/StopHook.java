package dev.switchback.pg;

/**
 * A hook at a {@link Stopper} as a resource: {@code try (var _ = StopHook.on(stopper,
 * this::kill))}.
 */
public final class StopHook implements AutoCloseable {
    private final AutoCloseable hook;

    private StopHook(AutoCloseable hook) {
        this.hook = hook;
    }

    public static StopHook on(Stopper stopper, Runnable action) {
        return new StopHook(stopper.onStop(action));
    }

    @Override
    public void close() {
        try {
            hook.close();
        } catch (Exception e) {
            throw new IllegalStateException("a stop hook could not be taken back", e);
        }
    }
}
