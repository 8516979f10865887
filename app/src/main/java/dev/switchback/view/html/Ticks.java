package dev.switchback.view.html;

import java.util.List;

/** Questions with their answers and evidence; the answer stands there as a word, too. */
final class Ticks {
    private Ticks() {}

    /**
     * @param answer {@code yes}, {@code no}, {@code open} or {@code unknown}
     */
    record Tick(String text, String answer, String evidence) {}

    static void write(Html html, List<Tick> ticks) {
        html.open("ul", "class", "ticks").line();
        for (Tick tick : ticks) {
            html.open("li", "class", tick.answer())
                    .leaf("span", mark(tick.answer()), "class", "mark", "aria-hidden", "true")
                    .open("div")
                    .leaf("span", tick.text(), "class", "what")
                    .leaf("span", tick.answer(), "class", "answer")
                    .leaf("p", tick.evidence(), "class", "evidence")
                    .close()
                    .close()
                    .line();
        }
        html.close().line();
    }

    private static String mark(String answer) {
        return switch (answer) {
            case "yes" -> "✓";
            case "no" -> "✗";
            case "open" -> "○";
            default -> "?";
        };
    }
}
