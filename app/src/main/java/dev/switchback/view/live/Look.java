package dev.switchback.view.live;

/**
 * How a terminal wants it.
 *
 * @param colour whether to colour
 * @param unicode whether its encoding has more than ASCII
 */
public record Look(boolean colour, boolean unicode) {
    String full() {
        return unicode ? "█" : "#";
    }

    String empty() {
        return unicode ? "░" : ".";
    }

    String rule() {
        return unicode ? "─" : "-";
    }

    String about() {
        return unicode ? "≈" : "~";
    }

    String paint(String style, String text) {
        return colour && !text.isEmpty() ? "\u001b[" + style + "m" + text + "\u001b[0m" : text;
    }
}
