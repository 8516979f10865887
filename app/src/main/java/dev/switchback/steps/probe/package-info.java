/** Steps about probe. */
@NullMarked
package dev.switchback.steps.probe;

import org.jspecify.annotations.NullMarked;
