package dev.switchback.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchback.engine.Facts;
import dev.switchback.engine.Journal;
import dev.switchback.engine.Journal.Conflict;
import dev.switchback.engine.Journal.Stored;
import dev.switchback.engine.JournalState;
import dev.switchback.engine.JournalState.AuditEntry;
import dev.switchback.engine.JournalState.Holder;
import dev.switchback.engine.JournalState.Request;
import dev.switchback.engine.JournalState.Status;
import dev.switchback.engine.JournalState.StepRecord;
import dev.switchback.engine.JournalState.StepState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every store of the journal keeps; a store's test extends it and says how to open one. */
public abstract class JournalContract {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00.123456Z");

    /**
     * One and the same journal at every call within a test, as another process would open it, and
     * none of another test.
     */
    protected abstract Journal open() throws Exception;

    @Test
    public void aJournalNobodyWroteIsNone() throws Exception {
        assertThat(open().read()).isEmpty();
    }

    @Test
    public void theFirstStateIsWrittenOnlyWhereThereIsNone() throws Exception {
        Stored first = open().swap("", state(1));
        assertThat(open().read()).contains(first);
        assertThatThrownBy(() -> open().swap("", state(2))).isInstanceOf(Conflict.class);
        assertThat(open().read()).contains(first);
    }

    @Test
    public void aStateIsNotWrittenOverOneThatIsNotThere() throws Exception {
        assertThatThrownBy(() -> open().swap("12345", state(1))).isInstanceOf(Conflict.class);
        assertThat(open().read()).isEmpty();
    }

    @Test
    public void aStaleVersionChangesNothing() throws Exception {
        Stored first = open().swap("", state(1));
        Stored second = open().swap(first.version(), state(2));
        assertThat(second.version()).isNotEqualTo(first.version());
        assertThatThrownBy(() -> open().swap(first.version(), state(3)))
                .isInstanceOf(Conflict.class);
        assertThat(open().read()).contains(second);
        assertThat(open().read().orElseThrow().state()).isEqualTo(state(2));
    }

    @Test
    public void aFullStateComesBackAsItWas() throws Exception {
        open().swap("", full(2));
        assertThat(open().read().orElseThrow().state()).isEqualTo(full(2));
    }

    @Test
    public void aLargeStateComesBackAsItWas() throws Exception {
        JournalState large = full(800);
        open().swap("", large);
        assertThat(open().read().orElseThrow().state()).isEqualTo(large);
    }

    @Test
    public void ofTwoWritersExactlyOneWinsEachRound() throws Exception {
        String version = open().swap("", state(0)).version();
        try (ExecutorService writers = Executors.newFixedThreadPool(2)) {
            for (int round = 1; round <= 20; round++) {
                CyclicBarrier start = new CyclicBarrier(2);
                List<Future<Boolean>> wins = new ArrayList<>();
                for (int writer = 1; writer <= 2; writer++) {
                    wins.add(writers.submit(race(start, version, state(round * 10L + writer))));
                }
                boolean first = wins.getFirst().get();
                boolean second = wins.getLast().get();
                assertThat(first ^ second).as("round %d", round).isTrue();
                Stored now = open().read().orElseThrow();
                assertThat(now.state()).isEqualTo(state(round * 10L + (first ? 1 : 2)));
                version = now.version();
            }
        }
    }

    private Callable<Boolean> race(CyclicBarrier start, String version, JournalState next) {
        return () -> {
            Journal journal = open();
            start.await();
            try {
                journal.swap(version, next);
                return true;
            } catch (Conflict e) {
                return false;
            }
        };
    }

    private static JournalState state(long epoch) {
        return new JournalState(
                JournalState.API_VERSION,
                "mastodon/mastodon",
                "a1b2c3",
                "Offline",
                epoch,
                null,
                1,
                Status.NEW,
                List.of(),
                null,
                List.of());
    }

    private static JournalState full(int entries) {
        List<StepRecord> steps =
                List.of(
                        new StepRecord(
                                "stop-writers",
                                StepState.DONE,
                                2,
                                false,
                                Facts.of("deployment/web", "3", "empty", "", "odd", "ü\n\"'\\{}"),
                                Facts.of("stopped", "3", "a first", "z last"),
                                NOON,
                                NOON.plusMillis(1500),
                                1.5),
                        new StepRecord(
                                "fence-source",
                                StepState.INTENT,
                                2,
                                false,
                                Facts.NONE,
                                Facts.NONE,
                                NOON,
                                null,
                                null),
                        new StepRecord(
                                "check",
                                StepState.DONE,
                                2,
                                true,
                                Facts.NONE,
                                Facts.NONE,
                                NOON,
                                NOON,
                                0.0));
        List<AuditEntry> audit = new ArrayList<>();
        for (int i = 0; i < entries; i++) {
            audit.add(new AuditEntry(NOON.plusSeconds(i), "ada", "run-" + i, "x".repeat(200) + i));
        }
        return new JournalState(
                JournalState.API_VERSION,
                "mastodon/mastodon",
                "a1b2c3",
                "Online",
                7,
                new Holder("run-7", "ada", "laptop", 4711, NOON),
                2,
                Status.RUNNING,
                steps,
                new Request("abort", "bob", NOON),
                audit);
    }
}
