package dev.switchback.engine;

import dev.switchback.fault.Problem;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A lock that can be lost on purpose. */
final class ToyLock implements Lock {
    volatile @Nullable Problem lost;
    volatile Optional<String> predecessor = Optional.empty();
    volatile boolean held;

    @Override
    public Held acquire(String runId, Optional<String> before) {
        predecessor = before;
        held = true;
        return new Held() {
            @Override
            public Optional<Problem> lost() {
                return Optional.ofNullable(lost);
            }

            @Override
            public void close() {
                held = false;
            }
        };
    }
}
