package dev.switchback.steps.link;

import dev.switchback.engine.StepContext;
import dev.switchback.link.LinkStatus;
import dev.switchback.link.Slot;
import dev.switchback.pg.Lsn;
import dev.switchback.progress.Progress;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How fast the source writes and the target confirms, from one look to the next, and from that when
 * it will be close. Byte lag is no promise: a long transaction is confirmed as a whole.
 */
final class FollowRates {
    private static final long TELL_NANOS = 5_000_000_000L;

    /** One look. */
    private record Look(long nanos, long written, long confirmed) {}

    private final Map<String, Look> before = new ConcurrentHashMap<>();
    private final Map<String, Double> written = new ConcurrentHashMap<>();
    private final Map<String, Double> confirmed = new ConcurrentHashMap<>();
    private final Map<String, Long> told = new ConcurrentHashMap<>();

    /** Tells people every few seconds. */
    void tell(StepContext context, String database, LinkStatus status) {
        update(database, status);
        context.moved(new Progress.LinkFigures(database, status.lagBytes(), status.lagSeconds()));
        long now = System.nanoTime();
        Long last = told.get(database);
        if (last == null || now - last > TELL_NANOS) {
            told.put(database, now);
            context.note(words(database, status));
        }
    }

    private void update(String database, LinkStatus status) {
        Lsn position = status.position();
        Lsn done = status.slot().map(Slot.State::confirmed).orElse(null);
        if (position == null || done == null) {
            return;
        }
        Look look = new Look(System.nanoTime(), position.value(), done.value());
        Look last = before.get(database);
        if (last == null) {
            before.put(database, look);
        } else if (look.nanos - last.nanos > 1_000_000_000L) {
            double seconds = (look.nanos - last.nanos) / 1e9;
            written.put(database, (look.written - last.written) / seconds);
            confirmed.put(database, (look.confirmed - last.confirmed) / seconds);
            before.put(database, look);
        }
    }

    /** Lag in bytes and seconds, rates, and when it will be close. */
    String words(String database, LinkStatus status) {
        StringBuilder text = new StringBuilder(database).append(": ");
        Double seconds = status.lagSeconds();
        text.append(String.format(Locale.ROOT, "%.1f MB", status.lagBytes() / 1e6));
        text.append(
                seconds == null
                        ? ", nothing has arrived yet"
                        : String.format(Locale.ROOT, ", %.1f s behind", seconds));
        Double in = written.get(database);
        Double out = confirmed.get(database);
        if (in != null && out != null) {
            text.append(
                    String.format(
                            Locale.ROOT,
                            "; source writes %.1f MB/s, target confirms %.1f MB/s",
                            in / 1e6,
                            out / 1e6));
            if (out > in && status.lagBytes() > 0) {
                text.append(
                        String.format(
                                Locale.ROOT, "; close in %.0f s", status.lagBytes() / (out - in)));
            }
        }
        status.slot()
                .ifPresent(slot ->
                        text.append(
                                String.format(
                                        Locale.ROOT,
                                        "; %.0f MB of WAL kept for it",
                                        slot.retainedBytes() / 1e6)));
        return text.toString();
    }
}
