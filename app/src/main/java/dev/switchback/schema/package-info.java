/**
 * Carries definitions, never rows: dump and restore by PostgreSQL's own client programs, the
 * fingerprint that says whether two databases are defined alike, and the only code that drops a
 * database, after it has seen our marker in it. Starts child processes; opens sessions through
 * {@code pg}.
 */
@NullMarked
package dev.switchback.schema;

import org.jspecify.annotations.NullMarked;
