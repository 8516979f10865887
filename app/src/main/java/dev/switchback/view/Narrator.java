package dev.switchback.view;

import dev.switchback.fault.Problem;
import dev.switchback.progress.Progress;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Tells a run on stderr, one line an event; colour only where the terminal wants it. */
public final class Narrator implements Progress {
    private final PrintStream out;
    private final boolean colour;
    private final boolean brief;
    private String phase = "";
    private final Map<String, Told> told = new HashMap<>();

    private record Told(String text, Instant at) {
        static final Told NOTHING = new Told("", Instant.EPOCH);
    }

    public Narrator(PrintStream out, boolean colour) {
        this(out, colour, false);
    }

    /**
     * @param brief only what stays worth reading: what is under way is drawn elsewhere
     */
    public Narrator(PrintStream out, boolean colour, boolean brief) {
        this.out = out;
        this.colour = colour;
        this.brief = brief;
    }

    @Override
    public synchronized void on(Event event) {
        switch (event) {
            case StepStarted started -> started(started);
            case StepDone done ->
                    line(
                            green("  done  ")
                                    + done.step()
                                    + (done.found()
                                            ? "  already so"
                                            : String.format(
                                                    Locale.ROOT, "  %.1f s", done.seconds())));
            case StepNote note -> note(note);
            case StepMoved moved -> {} // what people must hear of it is a note
            case StepFailed failed ->
                    problem(red("  FAIL  "), failed.step() + ": ", failed.problem());
            case StepUndone undone ->
                    line(
                            "  undone  "
                                    + undone.step()
                                    + String.format(Locale.ROOT, "  %.1f s", undone.seconds()));
            case GuardBroken broken ->
                    problem(red("  GUARD  "), broken.guard() + ": ", broken.problem());
            case Note note -> line(note.text());
            case Warning warning -> problem(yellow("  warn  "), "", warning.problem());
        }
    }

    private void started(StepStarted started) {
        if (!started.phase().equals(phase)) {
            phase = started.phase();
            line(bold(phase));
        }
        if (brief) {
            return;
        }
        line(
                "  ....  "
                        + started.step()
                        + "  "
                        + started.title()
                        + (started.inDowntime() ? yellow("  [downtime]") : ""));
    }

    /**
     * Of each step at most one note a second, and none twice: a copy makes thousands, and what a
     * guard tells meanwhile must not hide it.
     */
    private void note(StepNote note) {
        Instant now = Instant.now();
        Told last = told.getOrDefault(note.step(), Told.NOTHING);
        if (brief
                || note.text().equals(last.text())
                || Duration.between(last.at(), now).toMillis() < 1000) {
            return;
        }
        told.put(note.step(), new Told(note.text(), now));
        line("        " + note.step() + ": " + note.text());
    }

    private void problem(String mark, String where, Problem problem) {
        line(mark + where + problem.code().id() + " " + problem.object() + ": " + problem.what());
        if (!problem.remedy().isEmpty()) {
            line("          remedy: " + problem.remedy());
        }
    }

    private void line(String text) {
        out.println(text);
        out.flush();
    }

    private String green(String text) {
        return paint("32", text);
    }

    private String red(String text) {
        return paint("31", text);
    }

    private String yellow(String text) {
        return paint("33", text);
    }

    private String bold(String text) {
        return paint("1", text);
    }

    private String paint(String style, String text) {
        return colour ? "\u001b[" + style + "m" + text + "\u001b[0m" : text;
    }
}
