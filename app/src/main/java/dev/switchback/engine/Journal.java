package dev.switchback.engine;

import java.util.Optional;

/** Where a {@link JournalState} is kept; one contract suite tests every store. */
public interface Journal {

    /** A state with the store's version of it. */
    record Stored(JournalState state, String version) {}

    /**
     * @return empty when there is none yet
     * @throws dev.switchback.fault.SwitchbackException JOURNAL_UNREADABLE when it cannot be read,
     *     which is not "none"
     */
    Optional<Stored> read();

    /**
     * Makes {@code next} durable if nobody wrote since {@code expectedVersion}.
     *
     * @param expectedVersion from {@link Stored#version}, or the empty string when there must be no
     *     journal yet
     * @return what is stored now
     * @throws Conflict when somebody wrote in between; nothing was changed
     */
    Stored swap(String expectedVersion, JournalState next) throws Conflict;

    /** Somebody wrote in between. */
    final class Conflict extends Exception {
        private static final long serialVersionUID = 1L;

        public Conflict(String message) {
            super(message);
        }
    }
}
