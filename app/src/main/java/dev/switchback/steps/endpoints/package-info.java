/** Steps about endpoints. */
@NullMarked
package dev.switchback.steps.endpoints;

import org.jspecify.annotations.NullMarked;
