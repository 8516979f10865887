/** Keeps the doors between the rooms shut. */
@NullMarked
package dev.switchback.architecture;

import org.jspecify.annotations.NullMarked;
