package dev.switchback.view.html;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Writes HTML. Every text and every value of an attribute is escaped here and nowhere else, so that
 * nothing that a person, a server or a document said becomes markup; what was opened is closed in
 * order. Names of elements and attributes are ours.
 */
final class Html {
    private final StringBuilder out = new StringBuilder();
    private final Deque<String> open = new ArrayDeque<>();

    /** Begins an element. */
    Html open(String tag, String... attributes) {
        tag(tag, attributes);
        open.push(tag);
        return this;
    }

    /** Ends the element that was opened last. */
    Html close() {
        out.append("</").append(open.pop()).append('>');
        return this;
    }

    /** A whole element with nothing but text in it. */
    Html leaf(String tag, String text, String... attributes) {
        return open(tag, attributes).text(text).close();
    }

    /** An element that holds nothing and is not closed. */
    Html empty(String tag, String... attributes) {
        tag(tag, attributes);
        return this;
    }

    Html text(String text) {
        escape(text, false);
        return this;
    }

    /** Our own style sheet or script, which must not be escaped; never anything from outside. */
    Html resource(String ours) {
        out.append(ours);
        return this;
    }

    Html line() {
        out.append('\n');
        return this;
    }

    /**
     * @throws IllegalStateException when an element is still open
     */
    String done() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("not closed: " + open);
        }
        return out.toString();
    }

    private void tag(String tag, String... attributes) {
        out.append('<').append(tag);
        for (int i = 0; i < attributes.length; i += 2) {
            out.append(' ').append(attributes[i]).append("=\"");
            escape(attributes[i + 1], true);
            out.append('"');
        }
        out.append('>');
    }

    private void escape(String text, boolean quoted) {
        text.codePoints()
                .forEach(c -> {
                    switch (c) {
                        case '&' -> out.append("&amp;");
                        case '<' -> out.append("&lt;");
                        case '>' -> out.append("&gt;");
                        case '"' -> out.append(quoted ? "&quot;" : "\"");
                        case '\n', '\t' -> out.appendCodePoint(c);
                        default -> {
                            // HTML allows neither, not even as references
                            boolean forbidden =
                                    Character.isISOControl(c)
                                            || (c >= Character.MIN_SURROGATE
                                                    && c <= Character.MAX_SURROGATE);
                            out.appendCodePoint(forbidden ? 0xFFFD : c);
                        }
                    }
                });
    }
}
