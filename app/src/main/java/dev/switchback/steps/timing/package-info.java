/** Steps about time: what the run is predicted to take, and whether that fits its window. */
@NullMarked
package dev.switchback.steps.timing;

import org.jspecify.annotations.NullMarked;
