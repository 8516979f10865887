/** Tests of the window's arithmetic. */
@NullMarked
package dev.switchback.steps.timing;

import org.jspecify.annotations.NullMarked;
