package dev.switchback.verify;

import java.util.ArrayList;
import java.util.List;

/**
 * Pages {@code from} up to but not including {@code to} of a heap; the last range has no end, so
 * that together they hold every row whatever the size was when it was asked.
 */
record PageRange(long from, long to) {
    private static final long NO_END = Long.MAX_VALUE;

    static final PageRange ALL = new PageRange(0, NO_END);

    /** At most {@code parts} ranges that together are everything. */
    static List<PageRange> split(long pages, long parts) {
        long each = Math.max(1, (pages + parts - 1) / Math.max(1, parts));
        List<PageRange> ranges = new ArrayList<>();
        for (long from = 0; from + each < pages; from += each) {
            ranges.add(new PageRange(from, from + each));
        }
        ranges.add(new PageRange(ranges.isEmpty() ? 0 : ranges.getLast().to, NO_END));
        return ranges;
    }

    String condition(String row) {
        if (from == 0 && to == NO_END) {
            return "";
        }
        String low = " WHERE " + row + ".ctid >= '(" + from + ",0)'::tid";
        return to == NO_END ? low : low + " AND " + row + ".ctid < '(" + to + ",0)'::tid";
    }
}
