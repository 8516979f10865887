/** The contract every journal store keeps. */
@NullMarked
package dev.switchback.store;

import org.jspecify.annotations.NullMarked;
