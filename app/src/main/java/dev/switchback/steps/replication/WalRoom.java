package dev.switchback.steps.replication;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.steps.Findings;
import java.util.OptionalLong;
import java.util.function.LongFunction;
import java.util.function.UnaryOperator;

/**
 * Whether the source keeps the WAL that the target has not got yet: while the copy runs, and for as
 * long as somebody looks at the copy before the cutover. All of it is an estimate.
 *
 * @param server display of the source
 * @param rate bytes of WAL a second
 * @param copySeconds how long the first copy is taken to last
 * @param keepBytes {@code max_slot_wal_keep_size}; -1 means without limit
 * @param maxWalBytes {@code max_wal_size}: WAL that lies there anyway
 * @param free bytes free on the volume; empty where its size is not known
 */
record WalRoom(
        String server,
        double rate,
        double copySeconds,
        long keepBytes,
        long maxWalBytes,
        OptionalLong free) {
    /** Copies take longer than they were taken to, and indexes follow them. */
    private static final double RESERVE = 3;

    private static final double HOUR = 3_600;
    private static final double ENOUGH_HOURS = 24;
    private static final double MIB = 1024.0 * 1024;
    private static final String DISK =
            "WAL that the target has not got yet stays on the source's volume; when that is full the"
                    + " source stops";

    private double needed() {
        return RESERVE * rate * copySeconds;
    }

    /**
     * @param parameter the command that sets {@code max_slot_wal_keep_size} to a value
     * @param grow the command that makes the volume larger by so many bytes
     */
    void tell(UnaryOperator<String> parameter, LongFunction<String> grow, Findings findings) {
        findings.saw("walBytesPerSecond", "%.0f".formatted(rate));
        findings.saw("copySecondsEstimate", "%.0f".formatted(copySeconds));
        if (keepBytes >= 0 && keepBytes < needed() + maxWalBytes) {
            findings.block(
                    new Problem(
                            Code.WAL_ROOM,
                            server,
                            "max_slot_wal_keep_size is %s: at %s of WAL a second a slot is lost when the target is %s behind; the copy alone takes about %s (estimate)"
                                    .formatted(
                                            mib(keepBytes),
                                            mib(Math.round(rate)),
                                            span(keepBytes / rate),
                                            span(copySeconds)),
                            parameter.apply("-1"),
                            "a slot that fell behind the limit is invalidated, and the whole copy with it"));
        }
        if (free.isEmpty()) {
            findings.unknown(
                    new Problem(
                            Code.WAL_ROOM,
                            server,
                            "spec.volume.size does not tell how large the source's volume is",
                            "set spec.volume.size of the postgresql object",
                            DISK));
            return;
        }
        double hours = free.getAsLong() / rate / HOUR;
        findings.saw(
                "hoursToDiskFull",
                (Double.isInfinite(hours) ? "none: no WAL is written now" : "%.1f".formatted(hours))
                        + " (estimate: %s free at %s/s)"
                                .formatted(mib(free.getAsLong()), mib(Math.round(rate))));
        if (free.getAsLong() < needed()) {
            findings.block(room("less than %.0f times the first copy's".formatted(RESERVE), grow));
        } else if (hours < ENOUGH_HOURS) {
            findings.warn(room("less than a day", grow));
        }
    }

    private Problem room(String compared, LongFunction<String> grow) {
        return new Problem(
                Code.WAL_ROOM,
                server,
                "its volume has room for %s of WAL at %s a second, %s (estimate: %s free, spec.volume.size less databases and WAL)"
                        .formatted(
                                span(free.orElse(0) / rate),
                                mib(Math.round(rate)),
                                compared,
                                mib(free.orElse(0))),
                grow.apply(
                        Math.round(Math.max(needed(), ENOUGH_HOURS * HOUR * rate))
                                - free.orElse(0)),
                DISK);
    }

    private static String mib(long bytes) {
        return "%.1f MiB".formatted(bytes / MIB);
    }

    private static String span(double seconds) {
        if (Double.isInfinite(seconds)) {
            return "any time";
        }
        return seconds < HOUR
                ? "%.0f min".formatted(seconds / 60)
                : "%.1f hours".formatted(seconds / HOUR);
    }
}
