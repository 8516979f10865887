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

    /** The first piece of all only begins the time: it was on its way before it was heard of. */
    void add(long bytes, Instant now) {
        if (since.equals(Instant.MIN)) {
            since = now;
        } else {
            pieces.add(new Piece(now, bytes));
        }
    }

    void forget() {
        pieces.clear();
        since = Instant.MIN;
    }

    /** Zero while too little was heard to say. */
    double perSecond(Instant now) {
        Instant from = now.minus(WINDOW);
        while (!pieces.isEmpty() && pieces.getFirst().at().isBefore(from)) {
            since = pieces.removeFirst().at();
        }
        long bytes = pieces.stream().mapToLong(Piece::bytes).sum();
        double seconds = pieces.isEmpty() ? 0 : Duration.between(since, now).toMillis() / 1000.0;
        return seconds < 1 ? 0 : bytes / seconds;
    }
}
