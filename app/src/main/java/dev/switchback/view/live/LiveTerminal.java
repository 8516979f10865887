package dev.switchback.view.live;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * A block of lines at the bottom of a terminal, redrawn in place; everything else that is said
 * scrolls by above it and stays.
 *
 * <p>Nothing of the terminal's state is changed: the cursor is not hidden and no mode is set, so
 * that there is nothing to put back, even after a SIGKILL. The cursor rests on the line below the
 * block. Writing is done by one thread, so that a terminal that was stopped (Ctrl-S) stops the
 * drawing and not the run.
 */
public final class LiveTerminal implements AutoCloseable {
    private static final long REDRAW_MILLIS = 200;
    private static final long LOOK_AT_SIZE_NANOS = 1_000_000_000L;

    /** Columns and lines. */
    public record Size(int columns, int lines) {}

    private final PrintStream out;
    private final Supplier<Size> sizes;
    private final BiFunction<Integer, Integer, List<String>> block;
    private final Thread thread;
    private final List<String> said = new ArrayList<>();
    private List<String> drawn = List.of();
    private Size size;
    private long sizeLookedAt;
    private boolean closed;

    /**
     * @param out the terminal
     * @param sizes asked about once a second
     * @param block the lines for a width and a greatest height
     */
    public LiveTerminal(
            PrintStream out,
            Supplier<Size> sizes,
            BiFunction<Integer, Integer, List<String>> block) {
        this.out = out;
        this.sizes = sizes;
        this.block = block;
        this.size = sizes.get();
        this.sizeLookedAt = System.nanoTime();
        this.thread = Thread.ofPlatform().name("switchback-view").daemon().unstarted(this::draw);
        thread.start();
    }

    /** A line that stays, above the block. */
    public void say(String line) {
        synchronized (said) {
            if (!closed) {
                said.add(line);
                said.notifyAll();
                return;
            }
        }
        out.println(line);
        out.flush();
    }

    private void draw() {
        while (true) {
            synchronized (said) {
                if (closed) {
                    return;
                }
            }
            redraw();
            synchronized (said) {
                try {
                    if (!closed && said.isEmpty()) {
                        said.wait(REDRAW_MILLIS);
                    }
                } catch (InterruptedException e) {
                    return;
                }
            }
        }
    }

    private synchronized void redraw() {
        int before = drawn.isEmpty() ? 0 : rows();
        if (System.nanoTime() - sizeLookedAt > LOOK_AT_SIZE_NANOS) {
            size = sizes.get();
            sizeLookedAt = System.nanoTime();
            before = drawn.isEmpty() ? 0 : rows();
        }
        write(before, next());
    }

    /** A mistake of ours in drawing must not keep from people what is said. */
    private List<String> next() {
        try {
            // the last column stays free: some terminals wrap when it is written
            return block.apply(size.columns() - 1, size.lines() - 2);
        } catch (RuntimeException e) {
            return List.of("this cannot be drawn: " + e);
        }
    }

    /** Replaces the block by what was said meanwhile and the next block, in one write. */
    private void write(int before, List<String> next) {
        StringBuilder text = new StringBuilder();
        if (before > 0) {
            text.append("\u001b[").append(before).append('A');
        }
        text.append('\r');
        List<String> lines;
        synchronized (said) {
            lines = List.copyOf(said);
            said.clear();
        }
        lines.forEach(line -> text.append(line).append("\u001b[K\n"));
        next.forEach(line -> text.append(line).append("\u001b[K\n"));
        text.append("\u001b[J");
        drawn = List.copyOf(next);
        out.print(text);
        out.flush();
    }

    /**
     * Lines that the block takes up now: one that was drawn wider is wrapped by a smaller window.
     */
    private int rows() {
        int rows = 0;
        for (String line : drawn) {
            int length = line.replaceAll("\u001b\\[[0-9;]*m", "").length();
            rows += Math.max(1, (length + size.columns() - 1) / size.columns());
        }
        return rows;
    }

    /**
     * The block goes, what was said stays.
     *
     * @param last lines that stay in its place
     */
    public void close(List<String> last) {
        synchronized (said) {
            if (closed) {
                return;
            }
            closed = true;
            said.notifyAll();
        }
        synchronized (this) {
            int before = drawn.isEmpty() ? 0 : rows();
            synchronized (said) {
                said.addAll(last);
            }
            write(before, List.of());
        }
    }

    @Override
    public void close() {
        close(List.of());
    }
}
