/** Steps about roles. */
@NullMarked
package dev.switchback.steps.roles;

import org.jspecify.annotations.NullMarked;
