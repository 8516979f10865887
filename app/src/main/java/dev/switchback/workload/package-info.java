/**
 * The applications: writers that can be stopped and started, and the places where they learn their
 * database. Depends on {@code kube}, {@code pg}, {@code spec}, {@code fault}.
 */
@NullMarked
package dev.switchback.workload;

import org.jspecify.annotations.NullMarked;
