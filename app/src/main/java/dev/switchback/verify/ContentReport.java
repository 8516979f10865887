package dev.switchback.verify;

import java.util.List;

/**
 * What a verification of a whole database said.
 *
 * @param tables one verdict per table of either side, by name
 * @param materializedViews one verdict per materialized view, whose content follows from the tables
 * @param rows rows of the source's tables that were compared
 */
public record ContentReport(
        List<TableVerdict> tables, List<TableVerdict> materializedViews, long rows) {

    public int tablesVerified() {
        return tables.size();
    }

    /** The tables that differ. */
    public List<TableVerdict> mismatches() {
        return tables.stream().filter(verdict -> !verdict.equal()).toList();
    }

    /** Whether all tables are equal; materialized views can be filled again and do not count. */
    public boolean equal() {
        return mismatches().isEmpty();
    }
}
