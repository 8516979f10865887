/**
 * Runs a runbook: steps, guards, gates and scopes over a journal and a lock. Knows neither
 * PostgreSQL nor Kubernetes. Depends on {@code fault} and {@code progress}.
 */
@NullMarked
package dev.switchback.engine;

import org.jspecify.annotations.NullMarked;
