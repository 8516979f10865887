/** Steps about sequences. */
@NullMarked
package dev.switchback.steps.sequences;

import org.jspecify.annotations.NullMarked;
