package dev.switchback.copy;

import dev.switchback.pg.TableId;

/**
 * How far one table is.
 *
 * @param table which one
 * @param rows rows sent so far, of all its parts
 * @param bytes bytes of COPY data sent so far, of all its parts
 * @param ofBytes its size on the source's disk: near to what {@code bytes} will be, not equal
 * @param done whether they are committed
 */
public record TableProgress(TableId table, long rows, long bytes, long ofBytes, boolean done) {}
