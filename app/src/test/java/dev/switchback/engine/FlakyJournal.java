package dev.switchback.engine;

import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import java.util.Optional;

/** Writes, then times out, every second time; and refuses every third. */
final class FlakyJournal implements Journal {
    private final Journal journal;
    private int writes;

    FlakyJournal(Journal journal) {
        this.journal = journal;
    }

    @Override
    public Optional<Stored> read() {
        return journal.read();
    }

    @Override
    public synchronized Stored swap(String expectedVersion, JournalState next) throws Conflict {
        writes++;
        if (writes % 3 == 0) {
            throw timeout();
        }
        Stored stored = journal.swap(expectedVersion, next);
        if (writes % 2 == 0) {
            throw timeout();
        }
        return stored;
    }

    private static SwitchbackException timeout() {
        return new SwitchbackException(Code.KUBE_UNREACHABLE, "journal", "timed out", "");
    }
}
