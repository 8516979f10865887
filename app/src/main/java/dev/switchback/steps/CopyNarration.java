package dev.switchback.steps;

import dev.switchback.copy.TableProgress;
import dev.switchback.engine.StepContext;
import dev.switchback.progress.Progress;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/** Tells people how far a copy is: table by table, with the bytes of all of them. */
public final class CopyNarration {
    private final StepContext context;
    private final String database;
    private final AtomicLong complete = new AtomicLong();

    public CopyNarration(StepContext context, String database) {
        this.context = context;
        this.database = database;
    }

    /** Heard from several threads. */
    public void tell(TableProgress progress) {
        long all = progress.done() ? complete.addAndGet(progress.bytes()) : complete.get();
        context.note(
                String.format(
                        Locale.ROOT,
                        "%s: %,d rows%s; %.1f MB copied",
                        progress.table(),
                        progress.rows(),
                        progress.done() ? ", complete" : "",
                        all / 1e6));
        context.moved(
                new Progress.TableFigures(
                        database + " " + progress.table(),
                        progress.rows(),
                        progress.bytes(),
                        progress.ofBytes(),
                        progress.done()));
    }
}
