package dev.switchback.cli;

import dev.switchback.engine.JournalState;
import dev.switchback.engine.Runbook;
import dev.switchback.progress.Progress;
import dev.switchback.runbook.Stage;
import dev.switchback.view.Narrator;
import dev.switchback.view.live.LiveTerminal;
import dev.switchback.view.live.LiveTerminal.Size;
import dev.switchback.view.live.Look;
import dev.switchback.view.live.Picture;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is told on stderr while a command goes on: one line an event; where stderr is a terminal and
 * nobody asked for {@code --plain}, what is under way is drawn below them in place.
 */
final class Telling implements Progress {
    private final boolean plain;
    private final boolean colour;
    private final PrintStream err = System.err;
    private final Progress lines;
    private volatile @Nullable Progress drawing;

    Telling(boolean plain, boolean colour) {
        this.plain = plain;
        this.colour = colour;
        this.lines = new Narrator(err, colour);
    }

    @Override
    public void on(Event event) {
        Progress drawn = drawing;
        (drawn == null ? lines : drawn).on(event);
    }

    /** Until it is closed, a run is drawn; then everything is told in lines again. */
    interface Drawing extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Draws a run of this runbook, beginning from what the journal knows; nothing without a
     * terminal.
     */
    Drawing draw(Stage stage, Runbook runbook) {
        Optional<Size> size = size();
        if (size.isEmpty()) {
            return () -> {};
        }
        Picture picture = new Picture(stage.migration().display(), runbook, stage.world().clock());
        stage.state().ifPresent(picture::from);
        Look look = look();
        LiveTerminal terminal =
                new LiveTerminal(
                        err,
                        () -> Terminal.size().orElse(size.get()),
                        (width, height) -> picture.lines(look, width, height));
        PrintStream above = above(terminal);
        System.setErr(above);
        Narrator staying = new Narrator(above, colour, true);
        drawing =
                event -> {
                    picture.on(event);
                    staying.on(event);
                };
        return () -> {
            drawing = null;
            System.setErr(err);
            terminal.close(picture.last(look));
        };
    }

    /** A picture that is looked at from outside the run. */
    static Picture picture(Stage stage, Runbook runbook, JournalState state) {
        return new Picture(stage.migration().display(), runbook, stage.world().clock()).from(state);
    }

    /** Lines of text with a picture below them, drawn in place. */
    final class Watching implements AutoCloseable {
        private record Shown(List<String> text, Picture picture) {}

        private final AtomicReference<@Nullable Shown> shown = new AtomicReference<>();
        private final LiveTerminal terminal;

        private Watching(Size size) {
            Look look = look();
            this.terminal =
                    new LiveTerminal(
                            err,
                            () -> Terminal.size().orElse(size),
                            (width, height) -> lines(look, width, height));
        }

        private List<String> lines(Look look, int width, int height) {
            Shown now = shown.get();
            if (now == null) {
                return List.of();
            }
            List<String> text =
                    now.text().stream()
                            .map(l -> l.length() <= width ? l : l.substring(0, width - 1) + "~")
                            .toList();
            return Stream.concat(
                            text.stream(),
                            now.picture().lines(look, width, height - text.size()).stream())
                    .limit(height)
                    .toList();
        }

        void show(List<String> text, Picture picture) {
            shown.set(new Shown(text, picture));
        }

        @Override
        public void close() {
            terminal.close();
        }
    }

    /** Empty where nothing is drawn. */
    Optional<Watching> watch() {
        return size().map(Watching::new);
    }

    private Optional<Size> size() {
        String term = System.getenv().getOrDefault("TERM", "dumb");
        return plain || term.equals("dumb") || term.isEmpty() ? Optional.empty() : Terminal.size();
    }

    private Look look() {
        return new Look(colour, err.charset().newEncoder().canEncode('█'));
    }

    /** What others print on stderr meanwhile goes above the picture, line by line. */
    private PrintStream above(LiveTerminal terminal) {
        OutputStream byLine =
                new OutputStream() {
                    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

                    @Override
                    public synchronized void write(int b) {
                        if (b == '\n') {
                            terminal.say(line.toString(err.charset()));
                            line.reset();
                        } else if (b != '\r') {
                            line.write(b);
                        }
                    }
                };
        return new PrintStream(byLine, true, err.charset());
    }
}
