package dev.switchback.copy;

import dev.switchback.pg.TableId;

/**
 * How far one table is.
 *
 * @param table which one
 * @param rows rows sent so far
 * @param bytes bytes of COPY text sent so far
 * @param done whether they are committed
 */
public record TableProgress(TableId table, long rows, long bytes, boolean done) {}
