/** Probes against real servers. */
@NullMarked
package dev.switchback.steps.probe;

import org.jspecify.annotations.NullMarked;
