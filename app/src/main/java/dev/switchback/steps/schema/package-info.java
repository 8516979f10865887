/** Steps about schema. */
@NullMarked
package dev.switchback.steps.schema;

import org.jspecify.annotations.NullMarked;
