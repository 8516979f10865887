package dev.switchback.steps;

import dev.switchback.fence.Fence;
import dev.switchback.pg.PinnedSnapshot;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sessions that must outlive the step that opened them; a crash loses them, and the steps observe
 * that.
 */
public final class HeldSessions implements AutoCloseable {
    /** Both snapshots of one database, taken while neither side could be written. */
    public record Pair(PinnedSnapshot source, PinnedSnapshot target) {
        /** Whether both can still be read. */
        public boolean alive() {
            return source.isAlive() && target.isAlive();
        }
    }

    private final Map<String, Pair> pinned = new LinkedHashMap<>();
    private final Map<String, PinnedSnapshot> seeds = new LinkedHashMap<>();
    private @Nullable Fence fence;

    /**
     * Keeps the snapshot that goes with a database's replication slot until its rows are copied.
     */
    public synchronized void seed(String database, PinnedSnapshot snapshot) {
        PinnedSnapshot before = seeds.put(database, snapshot);
        if (before != null) {
            before.close();
        }
    }

    public synchronized Optional<PinnedSnapshot> seed(String database) {
        return Optional.ofNullable(seeds.get(database)).filter(PinnedSnapshot::isAlive);
    }

    public synchronized void dropSeeds() {
        seeds.values().forEach(PinnedSnapshot::close);
        seeds.clear();
    }

    public synchronized void pin(String database, Pair pair) {
        Pair before = pinned.put(database, pair);
        if (before != null) {
            before.source().close();
            before.target().close();
        }
    }

    public synchronized Optional<Pair> pinned(String database) {
        return Optional.ofNullable(pinned.get(database));
    }

    public synchronized void unpin() {
        for (Pair pair : pinned.values()) {
            pair.source().close();
            pair.target().close();
        }
        pinned.clear();
    }

    /** The fence whose locks this process holds. */
    public synchronized Optional<Fence> fence() {
        return Optional.ofNullable(fence);
    }

    public synchronized void hold(Fence held) {
        letFenceGo();
        fence = held;
    }

    /** Gives the fence's locks up; its triggers stay. */
    public synchronized void letFenceGo() {
        if (fence != null) {
            fence.close();
            fence = null;
        }
    }

    @Override
    public synchronized void close() {
        unpin();
        dropSeeds();
        letFenceGo();
    }
}
