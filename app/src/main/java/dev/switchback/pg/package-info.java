/**
 * Opens every connection to PostgreSQL and owns the words all rooms share: {@link
 * dev.switchback.pg.ConnectionSpec}, {@link dev.switchback.pg.TableId}, {@link
 * dev.switchback.pg.Lsn}, quoting, SQL resources, {@link dev.switchback.pg.Exclusions}, the list of
 * user tables, pinned sessions and snapshots, and worker groups that end together. Depends on
 * {@code fault}.
 */
@NullMarked
package dev.switchback.pg;

import org.jspecify.annotations.NullMarked;
