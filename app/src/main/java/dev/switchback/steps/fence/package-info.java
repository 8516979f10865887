/** Steps about fence. */
@NullMarked
package dev.switchback.steps.fence;

import org.jspecify.annotations.NullMarked;
