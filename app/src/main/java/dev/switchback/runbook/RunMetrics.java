package dev.switchback.runbook;

import dev.switchback.engine.JournalState;
import dev.switchback.engine.JournalState.StepState;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.link.Link;
import dev.switchback.link.LinkStatus;
import dev.switchback.settle.JournalSamples;
import dev.switchback.settle.LinkSamples;
import dev.switchback.settle.Sample;
import dev.switchback.steps.link.Links;
import dev.switchback.steps.link.Subscribe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a running migration shows to Prometheus: its journal, and how far the target is behind while
 * it follows. Read at a scrape, at most every few seconds.
 */
public final class RunMetrics implements Supplier<List<Sample>> {
    private static final long FRESH_NANOS = Duration.ofSeconds(2).toNanos();

    private final Stage stage;
    private List<Sample> last = List.of();
    private long readAt = System.nanoTime() - FRESH_NANOS;

    public RunMetrics(Stage stage) {
        this.stage = stage;
    }

    /**
     * @throws SwitchbackException when the journal cannot be read
     */
    @Override
    public synchronized List<Sample> get() {
        if (System.nanoTime() - readAt >= FRESH_NANOS) {
            last = read();
            readAt = System.nanoTime();
        }
        return last;
    }

    private List<Sample> read() {
        Optional<JournalState> state = stage.state();
        if (state.isEmpty()) {
            return List.of();
        }
        List<Sample> samples =
                new ArrayList<>(
                        JournalSamples.of(
                                state.get(),
                                Runbooks.journalled(stage.world(), state.get()),
                                stage.world().clock().instant()));
        if (follows(state.get())) {
            for (Link link : new Links(stage.world(), state.get().uid(), "metrics").forward()) {
                samples.addAll(link(link));
            }
        }
        return samples;
    }

    private static List<Sample> link(Link link) {
        try {
            LinkStatus status = link.status();
            return LinkSamples.of(
                    "forward",
                    link.database(),
                    status.healthy(),
                    status.lagBytes(),
                    status.lagSeconds());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return LinkSamples.unread("forward", link.database());
        } catch (SwitchbackException e) {
            // a link that cannot be read is not up
            return LinkSamples.unread("forward", link.database());
        }
    }

    private static boolean follows(JournalState state) {
        return state.status() == JournalState.Status.RUNNING
                && state.step(Subscribe.ID).filter(s -> s.state() == StepState.DONE).isPresent();
    }
}
