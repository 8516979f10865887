package dev.switchback.engine;

/** Work ended because it was stopped, not by itself. */
final class StoppedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Stop stop;
    private final boolean hung;

    /**
     * @param hung the work's thread did not end: it may still act
     */
    StoppedException(Stop stop, boolean hung) {
        super(stop.problem().line());
        this.stop = stop;
        this.hung = hung;
    }

    Stop stop() {
        return stop;
    }

    boolean hung() {
        return hung;
    }
}
