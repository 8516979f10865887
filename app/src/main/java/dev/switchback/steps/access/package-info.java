/** Steps about access. */
@NullMarked
package dev.switchback.steps.access;

import org.jspecify.annotations.NullMarked;
