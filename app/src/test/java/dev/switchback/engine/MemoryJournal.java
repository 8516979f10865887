package dev.switchback.engine;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A journal in memory, as JSON so that nothing survives that a store would lose. */
final class MemoryJournal implements Journal {
    private @Nullable String json;
    private long version;
    final List<JournalState> history = new CopyOnWriteArrayList<>();

    @Override
    public synchronized Optional<Stored> read() {
        return json == null
                ? Optional.empty()
                : Optional.of(new Stored(JournalJson.read(json, "memory"), Long.toString(version)));
    }

    @Override
    public synchronized Stored swap(String expectedVersion, JournalState next) throws Conflict {
        if (!expectedVersion.equals(json == null ? "" : Long.toString(version))) {
            throw new Conflict("version is " + version);
        }
        json = JournalJson.write(next);
        version++;
        history.add(next);
        return new Stored(next, Long.toString(version));
    }

    /** As another process writes. */
    synchronized void edit(UnaryOperator<JournalState> change) {
        Stored now = read().orElseThrow();
        try {
            swap(now.version(), change.apply(now.state()));
        } catch (Conflict e) {
            throw new AssertionError(e);
        }
    }

    JournalState state() {
        return read().orElseThrow().state();
    }
}
