package dev.switchback.lab.traffic;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a row must look like.
 *
 * @param value the judged value as last acknowledged; null when the row must not exist
 * @param previous the value acknowledged before that, if there was one
 * @param transaction the transaction whose effect this is; for a row whose insert has an unknown
 *     outcome, that one
 * @param uncertain whether a later transaction of unknown outcome touched it
 * @param other what the row looks like when that one was committed; null for deleted
 */
record RowState(
        @Nullable String value,
        @Nullable String previous,
        long transaction,
        boolean uncertain,
        @Nullable String other) {

    /**
     * Whether a found value, null for no row, is what was promised or what an unknown outcome left.
     */
    boolean allows(@Nullable String found) {
        return Objects.equals(value, found) || (uncertain && Objects.equals(other, found));
    }
}
