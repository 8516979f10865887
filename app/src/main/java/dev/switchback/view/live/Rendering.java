package dev.switchback.view.live;

import dev.switchback.engine.Phase;
import dev.switchback.estimate.Span;
import dev.switchback.progress.Progress.LinkFigures;
import dev.switchback.progress.Progress.TableFigures;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A moment of a run as lines, none wider and not more of them than asked for. Where there is too
 * little room, tables go first, then the note, then the big digits; the step and the clocks stay.
 */
final class Rendering {
    private static final String BOLD = "1";
    private static final String FAINT = "2";
    private static final String GREEN = "32";
    private static final String YELLOW = "33";
    private static final String RED = "31";
    private static final int MOST_TABLES = 8;

    private final Frame frame;
    private final Look look;
    private final int width;

    private Rendering(Frame frame, Look look, int width) {
        this.frame = frame;
        this.look = look;
        this.width = width;
    }

    /**
     * @param width columns
     * @param height lines at most; at least 3 are used
     */
    static List<String> lines(Frame frame, Look look, int width, int height) {
        return new Rendering(frame, look, Math.max(20, width)).within(Math.max(3, height));
    }

    /** The line that stays; none when users were never without service. */
    static List<String> last(Frame frame, Look look) {
        StringBuilder text = new StringBuilder();
        new Rendering(frame, look, Integer.MAX_VALUE).stopped(text);
        return text.isEmpty() ? List.of() : List.of(look.paint(BOLD, text.toString()));
    }

    private List<String> within(int height) {
        List<String> head = head();
        List<String> clocks = clocks(true);
        List<String> links = frame.links().stream().map(this::link).toList();
        List<String> note =
                frame.note().isEmpty() ? List.of() : List.of(look.paint(FAINT, cut(frame.note())));
        int left = height - head.size() - links.size() - note.size() - clocks.size();
        if (left < 0) {
            left += note.size();
            note = List.of();
        }
        if (left < 0) {
            left += clocks.size();
            clocks = clocks(false);
            left -= clocks.size();
        }
        List<String> all = new ArrayList<>(head);
        all.addAll(tables(Math.min(MOST_TABLES, left - 1)));
        all.addAll(links);
        all.addAll(note);
        all.addAll(clocks);
        return all.subList(0, Math.min(height, all.size()));
    }

    private List<String> head() {
        List<String> lines = new ArrayList<>();
        long done = frame.steps().stream().filter(s -> s.state() == Picture.State.DONE).count();
        String right = " " + done + " of " + frame.steps().size() + " steps " + look.rule();
        String left = look.rule() + " " + frame.migration() + " ";
        int rule = width - left.length() - right.length();
        lines.add(
                rule < 0
                        ? look.paint(BOLD, cut(left.strip()))
                        : look.paint(FAINT, look.rule() + " ")
                                + look.paint(BOLD, frame.migration())
                                + look.paint(FAINT, " " + look.rule().repeat(rule) + right));
        lines.add(phases());
        Frame.Step step = current();
        if (step != null) {
            String since =
                    frame.currentSince() == null ? "" : "  " + clock(age(frame.currentSince()));
            String text = cut(step.id() + "  " + step.title(), width - since.length());
            lines.add(
                    look.paint(BOLD, text.substring(0, Math.min(step.id().length(), text.length())))
                            + text.substring(Math.min(step.id().length(), text.length()))
                            + since);
        }
        return lines;
    }

    private Frame.@Nullable Step current() {
        return frame.steps().stream()
                .filter(s -> s.id().equals(frame.current()))
                .findFirst()
                .orElse(null);
    }

    /** Each phase of the runbook; the one under way stands out, also without colour. */
    private String phases() {
        StringBuilder plain = new StringBuilder();
        StringBuilder painted = new StringBuilder();
        Frame.Step current = current();
        for (Phase phase : Phase.values()) {
            List<Frame.Step> steps =
                    frame.steps().stream().filter(s -> s.phase() == phase).toList();
            if (steps.isEmpty()) {
                continue;
            }
            boolean here = current != null && current.phase() == phase;
            boolean done = steps.stream().allMatch(s -> s.state() == Picture.State.DONE);
            String word =
                    here ? "[" + phase.word() + "]" : done ? phase.word() + " done" : phase.word();
            if (plain.length() + word.length() + 2 > width) {
                break;
            }
            painted.append(plain.isEmpty() ? "" : "  ")
                    .append(look.paint(here ? YELLOW : done ? GREEN : FAINT, word));
            plain.append(plain.isEmpty() ? "" : "  ").append(word);
        }
        return painted.toString();
    }

    /** Those that move, largest first, and the sum; as many as there is room for. */
    private List<String> tables(int room) {
        List<TableFigures> all = frame.tables();
        if (all.isEmpty() || room < 0) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        all.stream()
                .filter(t -> !t.done())
                .sorted(Comparator.comparingLong(TableFigures::ofBytes).reversed())
                .limit(room)
                .forEach(t -> lines.add(table(t)));
        long sent = all.stream().mapToLong(TableFigures::bytes).sum();
        long done = all.stream().filter(TableFigures::done).count();
        StringBuilder sum = new StringBuilder();
        sum.append(done)
                .append(done == 1 ? " table complete, " : " tables complete, ")
                .append(megabytes((double) sent));
        if (frame.bytesPerSecond() > 0) {
            sum.append(", ").append(megabytes(frame.bytesPerSecond())).append("/s");
        }
        lines.add(cut(sum.toString()));
        return lines;
    }

    private String table(TableFigures table) {
        String figures =
                String.format(
                        Locale.ROOT,
                        "  %,d rows  %s of %s%s",
                        table.rows(),
                        megabytes((double) table.bytes()),
                        look.about(),
                        megabytes((double) table.ofBytes()));
        int bar = Math.min(24, width / 4);
        int name = Math.max(8, Math.min(36, width - bar - figures.length() - 1));
        // what it will be is only near: full when it is done, and not before
        double share =
                table.ofBytes() <= 0 ? 0 : Math.min(0.99, (double) table.bytes() / table.ofBytes());
        int full = (int) Math.floor(share * bar);
        String drawn =
                look.paint(GREEN, look.full().repeat(full))
                        + look.paint(FAINT, look.empty().repeat(bar - full));
        String rest =
                cut(
                        " "
                                + String.format(
                                        Locale.ROOT, "%-" + name + "s", cut(table.table(), name))
                                + figures,
                        width - bar);
        return drawn + rest;
    }

    private String link(LinkFigures link) {
        Double seconds = link.lagSeconds();
        return cut(
                "link "
                        + link.database()
                        + ": "
                        + megabytes((double) link.lagBytes())
                        + (seconds == null
                                ? " behind, nothing has arrived yet"
                                : String.format(Locale.ROOT, ", %.1f s behind", seconds)));
    }

    private List<String> clocks(boolean big) {
        List<String> lines = new ArrayList<>();
        if (frame.paused().underWay()) {
            double seconds = age(frame.paused().from());
            String words = "nobody can write";
            if (big && width >= 44) {
                List<String> digits = BigClock.lines(seconds);
                lines.add(look.paint(RED, digits.get(0)));
                lines.add(look.paint(RED, digits.get(1)));
                lines.add(look.paint(RED, digits.get(2)) + " " + words);
            } else {
                lines.add(look.paint(RED, cut("write pause " + clock(seconds) + ", " + words)));
            }
        }
        StringBuilder text = new StringBuilder();
        if (frame.stopped().underWay()) {
            text.append("service stopped for ").append(clock(age(frame.stopped().from())));
            frame.downtime().ifPresent(d -> text.append(", predicted ").append(d.words()));
            frame.serviceBack().ifPresent(s -> text.append("; back in about ").append(left(s)));
        } else {
            stopped(text);
            frame.allDone()
                    .ifPresent(s ->
                            text.append(text.isEmpty() ? "" : "; ")
                                    .append("done in about ")
                                    .append(left(s)));
        }
        if (!text.isEmpty()) {
            String line = cut(text.toString());
            lines.add(frame.stopped().underWay() ? look.paint(YELLOW, line) : line);
        }
        return lines;
    }

    private void stopped(StringBuilder text) {
        Instant from = frame.stopped().from();
        Instant until = frame.stopped().until();
        if (from != null && until != null) {
            text.append("service was stopped for ").append(clock(seconds(from, until)));
            Instant closed = frame.paused().from();
            Instant open = frame.paused().until();
            if (closed != null && open != null) {
                text.append(", write pause ").append(clock(seconds(closed, open)));
            }
        }
    }

    private static String left(double seconds) {
        return seconds < 0.5 ? "a moment, later than predicted" : Span.words(seconds);
    }

    private double age(@Nullable Instant since) {
        return since == null ? 0 : seconds(since, frame.now());
    }

    private static double seconds(Instant from, Instant until) {
        return Math.max(0, Duration.between(from, until).toMillis() / 1000.0);
    }

    private static String clock(double seconds) {
        long whole = (long) seconds;
        return seconds < 60
                ? String.format(Locale.ROOT, "%.1f s", seconds)
                : whole < 3600
                        ? String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60)
                        : String.format(
                                Locale.ROOT,
                                "%d:%02d:%02d",
                                whole / 3600,
                                whole / 60 % 60,
                                whole % 60);
    }

    private static String megabytes(double bytes) {
        return String.format(Locale.ROOT, bytes < 1e7 ? "%.1f MB" : "%.0f MB", bytes / 1e6);
    }

    private String cut(String text) {
        return cut(text, width);
    }

    /** One line, without what would move the cursor. */
    private static String cut(String text, int width) {
        String line = text.replaceAll("\\p{Cntrl}", " ");
        return line.length() <= width ? line : line.substring(0, Math.max(0, width - 1)) + "~";
    }
}
