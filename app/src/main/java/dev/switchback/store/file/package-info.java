/**
 * The journal and the lock as files, for {@code copy} and for the engine's tests; a real migration
 * keeps them in the cluster. Depends on {@code engine} and {@code fault}.
 */
@NullMarked
package dev.switchback.store.file;

import org.jspecify.annotations.NullMarked;
