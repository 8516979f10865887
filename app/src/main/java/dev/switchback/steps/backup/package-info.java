/**
 * The guide's step 1.1: a safety backup taken and proven, or an existing one found and judged. What
 * cannot be seen is never fine.
 */
@NullMarked
package dev.switchback.steps.backup;

import org.jspecify.annotations.NullMarked;
