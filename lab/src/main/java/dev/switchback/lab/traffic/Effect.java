package dev.switchback.lab.traffic;

import org.jspecify.annotations.Nullable;

/**
 * What a transaction does to one row.
 *
 * @param before value before, null for an insert
 * @param after value after, null for a delete
 */
record Effect(RowKey row, @Nullable String before, @Nullable String after) {
    String verb() {
        return before == null ? "insert" : after == null ? "delete" : "update";
    }
}
