/**
 * Makes one side unwritable to applications, proves that it is quiet, and takes all of that back:
 * {@link dev.switchback.fence.Fence} is the only way in. Uses {@code pg} and {@code fault}; knows
 * no Kubernetes, no engine, no copy.
 */
@NullMarked
package dev.switchback.fence;

import org.jspecify.annotations.NullMarked;
