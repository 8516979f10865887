package dev.switchback.cli;

import dev.switchback.engine.Run;
import dev.switchback.engine.StopReason;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Ctrl-C and SIGTERM: the JVM starts its shutdown, our hook asks the run to stop and waits until it
 * has put things back and said so; then the JVM ends with 130 or 143 by itself. A run that could
 * not put everything back ends with 1.
 */
public final class Shutdown {
    private static final CountDownLatch FINISHED = new CountDownLatch(1);
    private static final AtomicReference<@Nullable Integer> CODE = new AtomicReference<>();
    private static volatile boolean stopping;

    private Shutdown() {}

    /** From now on a signal stops this run first. */
    static void on(Run run) {
        on("stop", () -> run.requestStop(StopReason.TERMINATE));
    }

    /** From now on a signal asks this work first, which must come to an end by itself then. */
    static void on(String name, Runnable request) {
        Runtime.getRuntime()
                .addShutdownHook(
                        Thread.ofPlatform()
                                .name("switchback-" + name)
                                .unstarted(() -> stop(request)));
    }

    private static void stop(Runnable request) {
        if (FINISHED.getCount() == 0) {
            return;
        }
        stopping = true;
        System.err.println("stopping: asked by a signal");
        request.run();
        try {
            FINISHED.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Integer code = CODE.get();
        if (code != null && code != 130 && code != 143) {
            Runtime.getRuntime().halt(code);
        }
    }

    /** Ends the process with this code, or lets a shutdown that is under way go on. */
    public static void exit(int code) {
        CODE.set(code);
        FINISHED.countDown();
        if (!stopping) {
            System.exit(code);
        }
    }
}
