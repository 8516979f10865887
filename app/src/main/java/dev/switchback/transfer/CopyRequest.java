package dev.switchback.transfer;

import dev.switchback.pg.ConnectionSpec;

/**
 * What a person asks of a copy.
 *
 * @param source database to read
 * @param target database to fill; it must exist and be empty, or ours
 * @param jobs workers, at least 1
 * @param filter which tables and views
 * @param dropIfOurs whether a finished copy of the same source may be replaced
 * @param statistics whether to ANALYZE
 * @param largeObjects whether to copy them
 * @param sequences whether to set them
 * @param materializedViews whether to fill them
 */
public record CopyRequest(
        ConnectionSpec source,
        ConnectionSpec target,
        int jobs,
        TableFilter filter,
        boolean dropIfOurs,
        boolean statistics,
        boolean largeObjects,
        boolean sequences,
        boolean materializedViews) {}
