package dev.switchback.verify;

import java.util.List;

/**
 * What a comparison of two whole databases said.
 *
 * @param differences each thing that differs, tables with their rows' keys
 * @param notCompared what could not be looked at; while there is any, nothing is called equal
 * @param known definitions that differ as the two majors explain; no difference
 * @param content the tables' verdicts
 * @param sequences how many were compared
 * @param largeObjects how many were compared
 */
public record DatabaseReport(
        List<Finding> differences,
        List<Finding> notCompared,
        List<Finding> known,
        ContentReport content,
        int sequences,
        long largeObjects) {

    /**
     * @param kind {@code schema}, {@code table}, {@code materialized view}, {@code sequence} or
     *     {@code large object}
     * @param object which one, empty for all of the kind
     * @param what how it differs, or why it could not be looked at; never a value of a row but keys
     */
    public record Finding(String kind, String object, String what) {
        public String line() {
            return (kind + " " + object).strip() + ": " + what;
        }
    }

    /**
     * {@code equal}, {@code different}, or {@code unknown}: no difference seen, but not all seen.
     */
    public String verdict() {
        if (!differences.isEmpty()) {
            return "different";
        }
        return notCompared.isEmpty() ? "equal" : "unknown";
    }
}
