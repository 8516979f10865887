package dev.switchback.settle;

import java.time.Duration;

/** Takes one reading of a look. What it throws is told as "cannot be read", never as fine. */
interface Reader {
    /** Stable: label {@code reading} of the metrics. */
    String name();

    void read(Look look, Past past) throws Exception;

    /**
     * What a reading may compare with.
     *
     * @param record as it was before this look
     * @param sinceLast real time that logs are read back; whole seconds, at least one
     */
    record Past(WatchRecord record, Duration sinceLast) {}
}
