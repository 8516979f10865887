/**
 * Says whether two databases hold the same rows: counted, or compared value for value and narrowed
 * to keys. Reads only, on snapshots that may be pinned. Uses {@code pg}.
 */
@NullMarked
package dev.switchback.verify;

import org.jspecify.annotations.NullMarked;
