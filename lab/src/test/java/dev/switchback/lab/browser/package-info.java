/** A real browser without a window, driven by its own protocol. */
@NullMarked
package dev.switchback.lab.browser;

import org.jspecify.annotations.NullMarked;
