package dev.switchback.steps;

import dev.switchback.copy.TableProgress;
import dev.switchback.engine.StepContext;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/** Tells people how far a copy is: table by table, with the bytes of all of them. */
public final class CopyNarration {
    private final StepContext context;
    private final AtomicLong complete = new AtomicLong();

    public CopyNarration(StepContext context) {
        this.context = context;
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
    }
}
