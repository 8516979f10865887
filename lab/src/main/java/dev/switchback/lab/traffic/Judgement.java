package dev.switchback.lab.traffic;

import java.util.List;

/**
 * The ledger compared with what the serving side holds.
 *
 * @param acknowledgedWrites transactions whose COMMIT returned
 * @param lostWrites acknowledged transactions of which an effect is missing, or was found missing
 *     by a later transaction
 * @param duplicateWrites rows found more often than they were written
 * @param phantomWrites rows found though their transaction was refused
 * @param unknownWrites transactions whose COMMIT was sent and never answered: either outcome is
 *     right
 * @param twoSides acknowledgements by a server after another one had taken over
 * @param unjudgedRows rows that pods were changing during the judgement; 0 once they have stopped
 * @param examples some of the violations, for people
 */
public record Judgement(
        long acknowledgedWrites,
        long lostWrites,
        long duplicateWrites,
        long phantomWrites,
        long unknownWrites,
        long twoSides,
        long unjudgedRows,
        List<String> examples) {

    /** Whether nothing is lost, doubled, invented or acknowledged by two sides. */
    public boolean clean() {
        return lostWrites == 0 && duplicateWrites == 0 && phantomWrites == 0 && twoSides == 0;
    }
}
