package dev.switchback.copy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one worker copies in one transaction of the target: a table, a part of a big one, or many
 * tiny ones.
 *
 * @param tables several only when all are tiny
 * @param part null when the tables are copied whole
 * @param bytes their size on the source's disk, for the order of work
 */
public record CopyUnit(List<SourceTable> tables, @Nullable Part part, long bytes) {

    /**
     * Pages of a table, half open, so that parts join without gap or overlap.
     *
     * @param firstPage first page of the part
     * @param endPage first page behind it; null for the last part, which is open: rows that came
     *     behind the size we saw belong to it
     */
    public record Part(long firstPage, @Nullable Long endPage) {
        /** For {@code COPY (SELECT … WHERE …)}. */
        String condition() {
            String from = "ctid >= '(" + firstPage + ",0)'::tid";
            return endPage == null ? from : from + " AND ctid < '(" + endPage + ",0)'::tid";
        }
    }

    static CopyUnit whole(SourceTable table) {
        return new CopyUnit(List.of(table), null, table.bytes());
    }

    static CopyUnit tiny(List<SourceTable> tables) {
        return new CopyUnit(
                List.copyOf(tables), null, tables.stream().mapToLong(SourceTable::bytes).sum());
    }
}
