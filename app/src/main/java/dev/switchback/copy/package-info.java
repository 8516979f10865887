/**
 * Moves everything that is not a definition: rows, sequence positions, large objects, and the
 * target's statistics. Reads the source under one snapshot, writes only to the target, and commits
 * the note of what arrived together with the data. Uses {@code pg} and the driver's COPY; knows
 * neither Kubernetes nor the engine.
 */
@NullMarked
package dev.switchback.copy;

import org.jspecify.annotations.NullMarked;
