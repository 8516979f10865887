/**
 * Phase 5: whether the source may be given up, everything of ours taken away on both sides and in
 * Kubernetes, the source deleted if that is asked for, and the proof that nothing is left.
 */
@NullMarked
package dev.switchback.steps.cleanup;

import org.jspecify.annotations.NullMarked;
