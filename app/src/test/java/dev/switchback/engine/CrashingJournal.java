package dev.switchback.engine;

import java.util.Optional;

/** Dies at the n-th write, before or after it is durable, and stays dead: no act follows. */
final class CrashingJournal implements Journal {
    /** The process is gone. */
    static final class Crash extends Error {
        private static final long serialVersionUID = 1L;
    }

    private final Journal journal;
    private final int at;
    private final boolean durable;
    private int writes;

    CrashingJournal(Journal journal, int at, boolean durable) {
        this.journal = journal;
        this.at = at;
        this.durable = durable;
    }

    @Override
    public Optional<Stored> read() {
        return journal.read();
    }

    @Override
    public synchronized Stored swap(String expectedVersion, JournalState next) throws Conflict {
        writes++;
        if (writes > at || (writes == at && !durable)) {
            throw new Crash();
        }
        Stored stored = journal.swap(expectedVersion, next);
        if (writes == at) {
            throw new Crash();
        }
        return stored;
    }
}
