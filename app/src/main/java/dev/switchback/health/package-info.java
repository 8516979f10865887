/**
 * How the applications are, and what their database answers: read once before the migration, and
 * again to compare. Changes nothing. Depends on {@code workload}, {@code kube}, {@code pg}, {@code
 * spec}, {@code fault}.
 */
@NullMarked
package dev.switchback.health;

import org.jspecify.annotations.NullMarked;
