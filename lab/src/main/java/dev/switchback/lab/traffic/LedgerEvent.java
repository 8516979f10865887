package dev.switchback.lab.traffic;

import java.time.Instant;

/** Something that happened to a pod, on the ledger's clock. */
public record LedgerEvent(Instant at, String pod, Kind kind, String detail) {

    /** Kinds, in the order of a pod's life. */
    public enum Kind {
        POD_STARTED,
        /** The first acknowledged commit after the start, or after the pod was refused. */
        POD_SERVING,
        /** The first refused connection, statement or commit since the pod served or started. */
        POD_REFUSED,
        POD_STOPPING,
        POD_STOPPED
    }
}
