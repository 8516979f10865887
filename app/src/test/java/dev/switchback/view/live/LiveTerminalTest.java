package dev.switchback.view.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LiveTerminalTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    @Test
    void whatIsSaidStaysInItsOrderAndTheBlockIsGoneInTheEnd() throws Exception {
        AtomicInteger frames = new AtomicInteger();
        CountDownLatch drawn = new CountDownLatch(3);
        LiveTerminal terminal =
                new LiveTerminal(
                        out,
                        () -> new LiveTerminal.Size(80, 24),
                        (width, height) -> {
                            drawn.countDown();
                            int frame = frames.incrementAndGet();
                            return frame % 2 == 0
                                    ? List.of("block " + frame)
                                    : List.of("block " + frame, "second line");
                        });
        List<String> said = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            String line = "line " + i;
            said.add(line);
            terminal.say(line);
        }
        assertThat(drawn.await(20, TimeUnit.SECONDS)).isTrue();
        terminal.close(List.of("the end"));
        terminal.say("after the end");
        said.add("the end");
        said.add("after the end");
        assertThat(screen()).containsExactlyElementsOf(said);
    }

    @Test
    void aMistakeInDrawingKeepsNothingFromPeople() {
        LiveTerminal terminal =
                new LiveTerminal(
                        out,
                        () -> new LiveTerminal.Size(80, 24),
                        (width, height) -> {
                            throw new IllegalStateException("planted");
                        });
        terminal.say("heard");
        terminal.close();
        assertThat(screen()).containsExactly("heard");
    }

    @Test
    void noStateOfTheTerminalIsChanged() {
        LiveTerminal terminal =
                new LiveTerminal(
                        out, () -> new LiveTerminal.Size(80, 24), (w, h) -> List.of("block"));
        terminal.close();
        // up, erase: nothing that would have to be put back
        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .doesNotContainPattern("\u001b\\[(?![0-9]*A|K|J)");
    }

    /**
     * What a terminal shows after all that was written: it knows up, erase, return and new line.
     */
    private List<String> screen() {
        List<StringBuilder> lines = new ArrayList<>(List.of(new StringBuilder()));
        int row = 0;
        int column = 0;
        String text = bytes.toString(StandardCharsets.UTF_8);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\u001b') {
                int end = i + 2;
                while (Character.isDigit(text.charAt(end))) {
                    end++;
                }
                String number = text.substring(i + 2, end);
                switch (text.charAt(end)) {
                    case 'A' -> row -= Integer.parseInt(number);
                    case 'K' -> lines.get(row).setLength(column);
                    case 'J' -> {
                        lines.get(row).setLength(column);
                        lines.subList(row + 1, lines.size()).clear();
                    }
                    default -> throw new AssertionError("not known: " + text.charAt(end));
                }
                i = end;
            } else if (c == '\n') {
                row++;
                column = 0;
                if (row == lines.size()) {
                    lines.add(new StringBuilder());
                }
            } else if (c == '\r') {
                column = 0;
            } else {
                lines.get(row)
                        .replace(column, Math.min(column + 1, lines.get(row).length()), "" + c);
                column++;
            }
        }
        List<String> shown = lines.stream().map(StringBuilder::toString).toList();
        return shown.getLast().isEmpty() ? shown.subList(0, shown.size() - 1) : shown;
    }
}
