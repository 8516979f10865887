package dev.switchback.view;

import dev.switchback.view.Documents.EndpointView;
import java.util.List;

/** One line an endpoint: what it was and what it becomes. */
final class EndpointLines {
    private EndpointLines() {}

    /**
     * @param word at most ten characters, the line's first
     */
    static String of(String word, List<EndpointView> endpoints) {
        StringBuilder text = new StringBuilder();
        for (EndpointView e : endpoints) {
            text.append(String.format("%-11s", word))
                    .append(e.kind())
                    .append(' ')
                    .append(e.name())
                    .append(' ')
                    .append(e.key())
                    .append(": ")
                    .append(e.before())
                    .append(" -> ")
                    .append(e.after())
                    .append('\n');
        }
        return text.toString();
    }
}
