package dev.switchback.pg;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Workers that share one queue of tasks, where a finished task may add others: rows, the indexes
 * that wait for them, and what waits for those, all within one budget of jobs.
 *
 * <p>A task with a lower rank goes first, among equals the heavier one. The crew ends when the
 * queue is empty and nobody works. The first task that fails stops the others at once, as in {@link
 * Workers}.
 *
 * @param <D> what a worker works with, opened, used and closed by one thread
 */
public final class Crew<D extends Crew.Desk> {

    /** A worker's own sessions. */
    public interface Desk extends AutoCloseable {
        @Override
        void close() throws SQLException;
    }

    /** One piece of work. */
    @FunctionalInterface
    public interface Task<D> {
        void run(D desk) throws SQLException, InterruptedException;
    }

    /** Makes a worker's desk; its sessions are registered with {@code sessions}. */
    @FunctionalInterface
    public interface Opening<D> {
        D open(Sessions sessions) throws SQLException;
    }

    private record Queued<D>(int rank, long weight, long number, Task<D> task) {
        static final Comparator<Queued<?>> ORDER =
                Comparator.<Queued<?>>comparingInt(Queued::rank)
                        .thenComparing(
                                Comparator.<Queued<?>>comparingLong(Queued::weight).reversed())
                        .thenComparingLong(Queued::number);
    }

    private final String name;
    private final int jobs;
    private final Opening<D> opening;
    private final Sessions sessions = new Sessions();
    private final PriorityQueue<Queued<D>> queue = new PriorityQueue<>(Queued.ORDER);
    private int running;
    private long added;
    private @Nullable Throwable failure;
    private boolean asked;

    /**
     * @param name of the threads and for messages
     * @param jobs how many work at the same time, at least 1
     */
    public Crew(String name, int jobs, Opening<D> opening) {
        this.name = name;
        this.jobs = Math.max(1, jobs);
        this.opening = opening;
    }

    /** Adds work; before {@link #run} or from a task. */
    public synchronized void add(int rank, long weight, Task<D> task) {
        queue.add(new Queued<>(rank, weight, added++, task));
        notifyAll();
    }

    /** How many workers have nothing to do now and nothing to come, seen from a running task. */
    public synchronized int idle() {
        return Math.max(0, jobs - running - queue.size());
    }

    /**
     * Works until everything is done.
     *
     * @throws SwitchbackException the first failure; PG_FAILED where that was the driver's
     * @throws InterruptedException when {@code stopper} or an interrupt ended the work
     */
    public void run(Stopper stopper) throws InterruptedException {
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
        end();
    }

    private synchronized void ask() {
        asked = true;
        sessions.stop();
        notifyAll();
    }

    private void work() {
        Task<D> task = next();
        if (task == null) {
            return;
        }
        try (D desk = opening.open(sessions)) {
            while (task != null) {
                task.run(desk);
                done();
                task = next();
            }
        } catch (Throwable e) {
            fail(e);
        }
    }

    private synchronized @Nullable Task<D> next() {
        try {
            while (queue.isEmpty() && running > 0 && !sessions.stopped()) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
        Queued<D> first = sessions.stopped() ? null : queue.poll();
        if (first == null) {
            notifyAll();
            return null;
        }
        running++;
        return first.task;
    }

    private synchronized void done() {
        running--;
        notifyAll();
    }

    private synchronized void fail(Throwable e) {
        if (failure == null) {
            failure = e;
            sessions.stop();
        }
        notifyAll();
    }

    private synchronized void end() throws InterruptedException {
        if (asked) {
            throw new InterruptedException(name + " was asked to stop");
        }
        Throwable first = failure;
        if (first == null) {
            return;
        }
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
