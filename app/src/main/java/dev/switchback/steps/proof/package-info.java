/** Steps about proof. */
@NullMarked
package dev.switchback.steps.proof;

import org.jspecify.annotations.NullMarked;
