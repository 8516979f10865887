package dev.switchback.view.live;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** Bytes a second over the last seconds. */
final class Rate {
    private static final Duration WINDOW = Duration.ofSeconds(10);

    private record Piece(Instant at, long bytes) {}

    private final Deque<Piece> pieces = new ArrayDeque<>();
    private Instant since = Instant.MIN;

    void add(long bytes, Instant now) {
        if (pieces.isEmpty()) {
            since = now;
        }
        pieces.add(new Piece(now, bytes));
    }

    void forget() {
        pieces.clear();
    }

    /** Zero while too little was heard to say. */
    double perSecond(Instant now) {
        Instant from = now.minus(WINDOW);
        while (!pieces.isEmpty() && pieces.getFirst().at().isBefore(from)) {
            since = pieces.removeFirst().at();
        }
        // the first piece of all was on its way before it was heard of
        long bytes = pieces.stream().skip(1).mapToLong(Piece::bytes).sum();
        double seconds = pieces.isEmpty() ? 0 : Duration.between(since, now).toMillis() / 1000.0;
        return seconds < 1 ? 0 : bytes / seconds;
    }
}
