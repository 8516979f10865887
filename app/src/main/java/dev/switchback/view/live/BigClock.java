package dev.switchback.view.live;

import java.util.List;
import java.util.Locale;

/** Minutes, seconds and tenths in digits of three lines, readable from across a room. */
final class BigClock {
    private static final String[] TOP = {
        " _ ", "   ", " _ ", " _ ", "   ", " _ ", " _ ", " _ ", " _ ", " _ "
    };
    private static final String[] MIDDLE = {
        "| |", "  |", " _|", " _|", "|_|", "|_ ", "|_ ", "  |", "|_|", "|_|"
    };
    private static final String[] BOTTOM = {
        "|_|", "  |", "|_ ", " _|", "  |", " _|", "|_|", "  |", "|_|", " _|"
    };

    private BigClock() {}

    static List<String> lines(double seconds) {
        long tenths = (long) Math.floor(Math.max(0, seconds) * 10);
        String text =
                String.format(
                        Locale.ROOT, "%02d:%02d.%d", tenths / 600, tenths / 10 % 60, tenths % 10);
        StringBuilder top = new StringBuilder();
        StringBuilder middle = new StringBuilder();
        StringBuilder bottom = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case ':' -> {
                    top.append("   ");
                    middle.append(" . ");
                    bottom.append(" . ");
                }
                case '.' -> {
                    top.append("  ");
                    middle.append("  ");
                    bottom.append(". ");
                }
                default -> {
                    top.append(TOP[c - '0']).append(' ');
                    middle.append(MIDDLE[c - '0']).append(' ');
                    bottom.append(BOTTOM[c - '0']).append(' ');
                }
            }
        }
        return List.of(top.toString(), middle.toString(), bottom.toString());
    }
}
