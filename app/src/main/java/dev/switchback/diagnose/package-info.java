/**
 * The guide's five chapters of trouble: gathers facts from objects, pods, logs, servers and the
 * journal, holds them against a table of causes, and says the likely ones with their evidence and
 * the command that mends them. Reads only; what cannot be read is said and keeps nothing else from
 * being looked at. Depends on {@code runbook} and what lies below it.
 */
@NullMarked
package dev.switchback.diagnose;

import org.jspecify.annotations.NullMarked;
