package dev.switchback.copy;

import dev.switchback.pg.TableId;

/**
 * A sequence's exact position, as its relation holds it.
 *
 * @param id the sequence
 * @param lastValue last value given out, or the first to come while not {@code isCalled}
 * @param isCalled whether {@code lastValue} was given out
 */
public record SequenceState(TableId id, long lastValue, boolean isCalled) {}
