package dev.switchback.lab.kube;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Faults waiting for the requests they are meant for, in the order they were queued. */
final class Faults {
    private final List<Pending> queue = new ArrayList<>();

    private record Pending(int left, Predicate<Request> which, Fault fault) {}

    synchronized void next(int count, Predicate<Request> which, Fault fault) {
        queue.add(new Pending(count, which, fault));
    }

    synchronized Optional<Fault> take(Request request) {
        for (int i = 0; i < queue.size(); i++) {
            Pending pending = queue.get(i);
            if (pending.which().test(request)) {
                if (pending.left() <= 1) {
                    queue.remove(i);
                } else {
                    queue.set(i, new Pending(pending.left() - 1, pending.which(), pending.fault()));
                }
                return Optional.of(pending.fault());
            }
        }
        return Optional.empty();
    }

    synchronized void clear() {
        queue.clear();
    }
}
