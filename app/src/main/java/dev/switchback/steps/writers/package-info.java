/** Steps about writers. */
@NullMarked
package dev.switchback.steps.writers;

import org.jspecify.annotations.NullMarked;
