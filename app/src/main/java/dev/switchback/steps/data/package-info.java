/** Steps about data. */
@NullMarked
package dev.switchback.steps.data;

import org.jspecify.annotations.NullMarked;
