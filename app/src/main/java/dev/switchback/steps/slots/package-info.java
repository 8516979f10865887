/** Steps about slots: the source writes what they need, Patroni keeps them. */
@NullMarked
package dev.switchback.steps.slots;

import org.jspecify.annotations.NullMarked;
