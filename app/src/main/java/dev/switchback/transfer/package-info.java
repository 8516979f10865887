/**
 * Puts definitions and rows together: the order in which one database becomes another, with one
 * budget of workers for rows, indexes and constraints. Used by the migration's steps, and by {@code
 * switchback copy}, whose whole course is here. Knows nothing of Kubernetes and of the engine.
 */
@NullMarked
package dev.switchback.transfer;

import org.jspecify.annotations.NullMarked;
