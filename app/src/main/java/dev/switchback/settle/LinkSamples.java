package dev.switchback.settle;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One replication link as samples. */
public final class LinkSamples {
    private LinkSamples() {}

    /**
     * @param direction {@code forward} or {@code reverse}
     * @param seconds age of the newest heartbeat; null while there was none
     */
    public static List<Sample> of(
            String direction, String database, boolean up, long bytes, @Nullable Double seconds) {
        String[] of = {"direction", direction, "database", database};
        List<Sample> samples = new ArrayList<>();
        samples.add(Sample.of(Metric.LINK_UP, up ? 1 : 0, "", of));
        samples.add(Sample.of(Metric.LINK_LAG_BYTES, bytes, "", of));
        if (seconds != null) {
            samples.add(Sample.of(Metric.LINK_LAG_SECONDS, seconds, "", of));
        }
        return samples;
    }

    /** One that cannot be read: not up, and its lag is not known. */
    public static List<Sample> unread(String direction, String database) {
        return List.of(
                Sample.of(Metric.LINK_UP, 0, "", "direction", direction, "database", database));
    }
}
