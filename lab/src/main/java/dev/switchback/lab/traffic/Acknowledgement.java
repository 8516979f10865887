package dev.switchback.lab.traffic;

import java.time.Instant;

/**
 * A transaction whose COMMIT returned.
 *
 * @param at when it returned, on the ledger's clock
 * @param transaction number in the ledger
 * @param pod who was told
 * @param server the address of the server that did it
 */
public record Acknowledgement(Instant at, long transaction, String pod, String server) {}
