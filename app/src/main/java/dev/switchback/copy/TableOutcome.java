package dev.switchback.copy;

/**
 * How one table was copied, and why so.
 *
 * @param table schema and name
 * @param rows its rows
 * @param bytes bytes of COPY data
 * @param seconds work of all its parts together; of a tiny table its share of the batch
 * @param format binary or text
 * @param why why text; empty for binary
 * @param parts 1 when it was copied whole
 * @param frozen whether its rows were written frozen, which saves a later vacuum
 * @param whyNotFrozen empty when frozen
 * @param resumed whether an earlier run had copied it; then only rows and bytes are known
 */
public record TableOutcome(
        String table,
        long rows,
        long bytes,
        double seconds,
        String format,
        String why,
        int parts,
        boolean frozen,
        String whyNotFrozen,
        boolean resumed) {}
