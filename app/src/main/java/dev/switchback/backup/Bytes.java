package dev.switchback.backup;

import java.util.Locale;

/** Bytes for people. */
public final class Bytes {
    private Bytes() {}

    /** {@code 12.3 MiB}. */
    public static String of(long bytes) {
        String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < units.length - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
    }
}
