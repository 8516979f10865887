package dev.switchback.steps.slots;

import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Inserts one row a transaction into {@code entry}, about a hundred a second, into whichever member
 * it is told; remembers what was acknowledged. An unknown outcome is not tried again.
 */
final class SteadyWriter implements AutoCloseable {
    private final PatroniSource source;
    private final String database;
    private final List<Long> acknowledged = new CopyOnWriteArrayList<>();
    private final AtomicReference<Integer> member = new AtomicReference<>(0);
    private final Thread thread;
    private volatile boolean closed;
    private @Nullable Connection connection;
    private int connectedTo;
    private long next;

    SteadyWriter(PatroniSource source, String database) {
        this.source = source;
        this.database = database;
        this.thread = Thread.ofPlatform().daemon().name("steady-writer").start(this::write);
    }

    /** 0 for nowhere. */
    void to(int which) {
        member.set(which);
    }

    List<Long> acknowledged() {
        return List.copyOf(acknowledged);
    }

    private void write() {
        while (!closed) {
            int which = member.get();
            try {
                if (which != 0) {
                    long id = ++next;
                    Sql.run(session(which), "INSERT INTO entry VALUES (" + id + ")");
                    acknowledged.add(id);
                }
                Thread.sleep(8);
            } catch (SQLException | SwitchbackException e) {
                connectedTo = 0;
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private Connection session(int which) throws SQLException {
        Connection known = connection;
        if (known == null || connectedTo != which) {
            if (known != null) {
                known.close();
            }
            known = source.connect(which, database);
            connection = known;
            connectedTo = which;
        }
        return known;
    }

    @Override
    public void close() throws SQLException {
        closed = true;
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Connection known = connection;
        if (known != null) {
            known.close();
        }
    }
}
