/**
 * Whole migrations with the real steps against real servers, killed, stopped, starved and lied to.
 */
@NullMarked
package dev.switchback.runbook;

import org.jspecify.annotations.NullMarked;
