package dev.switchback.pg;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Some workers with sessions of their own take items from one queue. The first that fails stops its
 * siblings at once: their queries are cancelled and their connections cut.
 *
 * @param <T> what is worked on
 */
public final class Workers<T> {

    /** One worker; opened, used and closed by one thread. */
    public interface Worker<T> extends AutoCloseable {
        void take(T item) throws SQLException, InterruptedException;

        @Override
        void close() throws SQLException;
    }

    /** Opens a worker, which registers its sessions. */
    @FunctionalInterface
    public interface Opening<T> {
        Worker<T> open(Sessions sessions) throws SQLException;
    }

    private final String name;
    private final Queue<T> queue;
    private final Opening<T> opening;
    private final Sessions sessions = new Sessions();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile boolean asked;

    private Workers(String name, Collection<T> items, Opening<T> opening) {
        this.name = name;
        this.queue = new ConcurrentLinkedQueue<>(items);
        this.opening = opening;
    }

    /**
     * Works off all items, in their order, with at most {@code jobs} workers.
     *
     * @param name of the threads and for messages: {@code copy}
     * @throws SwitchbackException the first worker's; PG_FAILED where that was the driver's
     * @throws InterruptedException when {@code stopper} or an interrupt ended the work
     */
    public static <T> void run(
            String name, Collection<T> items, int jobs, Stopper stopper, Opening<T> opening)
            throws InterruptedException {
        if (!items.isEmpty()) {
            new Workers<>(name, items, opening).run(Math.clamp(jobs, 1, items.size()), stopper);
        }
    }

    private void run(int jobs, Stopper stopper) throws InterruptedException {
        stopper.checkpoint();
        List<Thread> threads = new ArrayList<>();
        try (var _ = StopHook.on(stopper, this::ask)) {
            for (int i = 1; i <= jobs; i++) {
                threads.add(Thread.ofPlatform().daemon().name(name + "-" + i).start(this::work));
            }
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            ask();
            throw e;
        }
        stopper.checkpoint();
        if (asked) {
            throw new InterruptedException(name + " was asked to stop");
        }
        Throwable first = failure.get();
        if (first != null) {
            rethrow(first);
        }
    }

    private void ask() {
        asked = true;
        sessions.stop();
    }

    private void work() {
        try (Worker<T> worker = opening.open(sessions)) {
            T item = queue.poll();
            while (item != null && !sessions.stopped()) {
                worker.take(item);
                item = queue.poll();
            }
        } catch (Throwable e) {
            if (failure.compareAndSet(null, e)) {
                sessions.stop();
            }
        }
    }

    private void rethrow(Throwable first) throws InterruptedException {
        switch (first) {
            case SwitchbackException e -> throw e;
            case InterruptedException e -> throw e;
            case Error e -> throw e;
            case SQLException e ->
                    throw new SwitchbackException(
                            new Problem(Code.PG_FAILED, name, Pg.words(e), ""), e);
            default -> throw new IllegalStateException(name + " failed", first);
        }
    }
}
