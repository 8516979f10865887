/**
 * Predicts how long the steps of a migration will take, from the sizes of what must travel and from
 * short measurements on this very pair of servers, and sets the prediction beside the migration
 * guide's own two timing tables. Writes nothing that lasts: a measurement uses a temporary table in
 * a transaction that is rolled back. Knows neither Kubernetes nor the engine; times of pods are
 * given to it. The formulas and their known error are in docs/estimate.md.
 */
@NullMarked
package dev.switchback.estimate;

import org.jspecify.annotations.NullMarked;
