/**
 * Checks of the databases themselves: what in them would not arrive, would arrive different, or
 * would break while it is built on the target. Reads both sides through small queries beside the
 * classes, writes nothing.
 */
@NullMarked
package dev.switchback.steps.checks;

import org.jspecify.annotations.NullMarked;
