/**
 * A run drawn in place on a terminal: a picture that hears the run's events, a renderer from it to
 * lines, and the terminal that redraws them below what scrolls by. Depends on {@code progress}, the
 * records of {@code engine} and {@code estimate}, and {@code view} for the lines that stay.
 */
@NullMarked
package dev.switchback.view.live;

import org.jspecify.annotations.NullMarked;
