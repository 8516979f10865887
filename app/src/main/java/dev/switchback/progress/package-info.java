/**
 * What a run tells while it goes: pure records and the listener they are given to. Depends on
 * {@code fault}.
 */
@NullMarked
package dev.switchback.progress;

import org.jspecify.annotations.NullMarked;
