package dev.switchback.view.html;

import java.util.List;
import java.util.Map;

/** Pieces that several sections write alike. */
final class Parts {
    private Parts() {}

    /** Names and values, one below the other where there is little room. */
    static void facts(Html html, Map<String, String> facts) {
        html.open("dl", "class", "facts");
        facts.forEach((name, value) ->
                html.open("div").leaf("dt", name).leaf("dd", value).close().line());
        html.close().line();
    }

    /**
     * A table that scrolls by itself where it is wider than the page.
     *
     * @param caption what it shows, for those who do not see it at once
     * @param numeric how many of the last columns hold numbers
     */
    static void table(
            Html html,
            String caption,
            int numeric,
            List<String> head,
            Iterable<List<String>> rows) {
        html.open(
                        "div",
                        "class",
                        "scroll",
                        "role",
                        "region",
                        "aria-label",
                        caption,
                        "tabindex",
                        "0")
                .open("table")
                .leaf("caption", caption)
                .open("thead")
                .open("tr");
        int columns = head.size();
        for (int i = 0; i < columns; i++) {
            html.leaf("th", head.get(i), "scope", "col", "class", kind(i, columns, numeric));
        }
        html.close().close().open("tbody").line();
        for (List<String> row : rows) {
            html.open("tr").leaf("th", row.getFirst(), "scope", "row");
            for (int i = 1; i < columns; i++) {
                html.leaf("td", row.get(i), "class", kind(i, columns, numeric));
            }
            html.close().line();
        }
        html.close().close().close().line();
    }

    private static String kind(int column, int columns, int numeric) {
        return column >= columns - numeric ? "number" : "words";
    }

    static void none(Html html, String sentence) {
        html.leaf("p", sentence, "class", "none").line();
    }

    static void list(Html html, Iterable<String> sentences) {
        html.open("ul");
        sentences.forEach(s -> html.leaf("li", s).line());
        html.close().line();
    }
}
