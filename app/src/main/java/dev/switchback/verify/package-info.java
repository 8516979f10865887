/**
 * Says whether two databases hold the same: rows counted, or compared value for value and named by
 * their keys, and with {@code schema} and {@code copy} definitions, sequences and large objects.
 * Reads only, on snapshots that may be pinned.
 */
@NullMarked
package dev.switchback.verify;

import org.jspecify.annotations.NullMarked;
