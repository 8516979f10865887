package dev.switchback.view.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.engine.Facts;
import dev.switchback.engine.JournalState;
import dev.switchback.engine.JournalState.Status;
import dev.switchback.engine.JournalState.StepRecord;
import dev.switchback.engine.JournalState.StepState;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Phase;
import dev.switchback.engine.Runbook;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.progress.Progress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** From events to lines, on a clock that stands until it is moved. */
class PictureTest {
    private static final Instant BEGUN = Instant.parse("2026-11-20T02:00:00Z");
    private static final Look PLAIN = new Look(false, false);
    private static final Map<String, String> PREDICTION =
            Map.of(
                    "steps",
                    "stop-writers=1.00/2.00/3.00 copy-tables=5.00/10.00/40.00 open-target=0.10/1.00/2.00"
                            + " start-writers=1.00/3.00/9.00 verify-content=1.00/7.00/9.00",
                    "total",
                    "8.10/23.00/63.00",
                    "downtime",
                    "7.10/16.00/54.00",
                    "basis",
                    "measured",
                    "note",
                    "here",
                    "rates",
                    "1 1 1 0.0 0.0",
                    "databaseBytes",
                    "100000000",
                    "tableBytes",
                    "80000000",
                    "indexBytes",
                    "1");

    private Instant now = BEGUN;
    private final Picture picture = new Picture("shop/shop", runbook(), () -> now);

    private record Told(String id, String title, boolean inDowntime) implements Step {
        @Override
        public Observation observe(StepContext context) {
            throw new UnsupportedOperationException("nothing is run here");
        }
    }

    private static Runbook runbook() {
        return Runbook.named("offline")
                .phase(Phase.PREPARE, new Told("predict-durations", "Predict", false))
                .phase(
                        Phase.CUTOVER,
                        new Told("stop-writers", "Stop the writers", true),
                        new Told("fence-source", "Fence the source", true),
                        new Told("copy-tables", "Copy every table", true),
                        new Told("open-target", "Open the target", true),
                        new Told("start-writers", "Start the writers", true))
                .phase(Phase.SETTLE, new Told("verify-content", "Compare every row", false))
                .commitAt("open-target")
                .build();
    }

    private void start(String step) {
        picture.on(new Progress.StepStarted(step, "", "", true));
    }

    private void finish(String step) {
        picture.on(new Progress.StepDone(step, 1, false, Map.of()));
    }

    private void after(double seconds) {
        now = now.plusMillis(Math.round(seconds * 1000));
    }

    private String drawn() {
        return String.join("\n", picture.lines(PLAIN, 80, 24));
    }

    /** As far as the copy, ten seconds into it, with a quarter of the bytes sent. */
    private void copying() {
        picture.on(new Progress.StepDone("predict-durations", 1, false, PREDICTION));
        start("stop-writers");
        after(2);
        finish("stop-writers");
        start("fence-source");
        after(0.5);
        finish("fence-source");
        start("copy-tables");
        for (int second = 0; second <= 10; second++) {
            picture.on(
                    new Progress.StepMoved(
                            "copy-tables",
                            new Progress.TableFigures(
                                    "shop public.orders",
                                    second * 1000L,
                                    second * 2_000_000L,
                                    40_000_000,
                                    false)));
            after(second < 10 ? 1 : 0);
        }
    }

    @Test
    void theClockOfTheWritePauseRunsFromTheFenceInLargeDigits() {
        copying();
        List<String> big = BigClock.lines(10.5);
        assertThat(drawn()).contains(big.get(0), big.get(1), big.get(2) + " nobody can write");
        after(1.1);
        assertThat(drawn()).contains(BigClock.lines(11.6).get(1));
    }

    @Test
    void aTableIsDrawnAsABarThatIsFullOnlyWhenItIsDone() {
        copying();
        assertThat(drawn())
                .contains("##########.......... shop public.orders")
                .contains("10,000 rows")
                .contains("20 MB of ~40 MB");
        table(60_000_000, false);
        assertThat(drawn()).contains("###################. shop public.orders");
        table(60_000_000, true);
        assertThat(drawn()).doesNotContain("public.orders").contains("1 table complete, 60 MB");
    }

    private void table(long bytes, boolean done) {
        picture.on(
                new Progress.StepMoved(
                        "copy-tables",
                        new Progress.TableFigures(
                                "shop public.orders", 1, bytes, 40_000_000, done)));
    }

    @Test
    void whenTheServiceIsBackIsReckonedFromWhatIsMeasuredAndThePredictionOfTheRest() {
        copying();
        // 60 MB are left of 80 at 2 MB/s, then open-target and start-writers: 30 + 1 + 3 s
        assertThat(drawn())
                .contains("service stopped for 12.5 s, predicted 16 s (7 s to 54 s)")
                .contains("back in about 34 s")
                .contains("2.0 MB/s");
    }

    @Test
    void whenWritersServeTheTimesStandStill() {
        copying();
        finish("copy-tables");
        start("open-target");
        after(1);
        finish("open-target");
        start("start-writers");
        after(3);
        finish("start-writers");
        after(100);
        assertThat(drawn())
                .contains("service was stopped for 16.5 s, write pause 11.5 s")
                .contains("done in about 7 s");
        assertThat(picture.last(PLAIN))
                .containsExactly("service was stopped for 16.5 s, write pause 11.5 s");
    }

    @Test
    void whatIsPutBackEndsThePauseToo() {
        copying();
        after(1);
        picture.on(new Progress.StepUndone("fence-source", 1));
        picture.on(new Progress.StepUndone("stop-writers", 1));
        after(50);
        assertThat(drawn())
                .contains("service was stopped for 13.5 s, write pause 11.5 s")
                .doesNotContain("nobody can write");
    }

    @Test
    void aSuccessorCountsFromWhatTheJournalSays() {
        after(30);
        picture.from(
                journal(
                        record("stop-writers", StepState.DONE, 0, 2),
                        record("fence-source", StepState.DONE, 2, 3),
                        record("copy-tables", StepState.INTENT, 3, -1)));
        assertThat(drawn())
                .contains("2 of 7 steps", "copy-tables", "service stopped for 30.0 s")
                .contains(BigClock.lines(28).get(1));
    }

    private static StepRecord record(String id, StepState state, long from, long until) {
        return new StepRecord(
                id,
                state,
                1,
                false,
                Facts.NONE,
                Facts.NONE,
                BEGUN.plusSeconds(from),
                until < 0 ? null : BEGUN.plusSeconds(until),
                null);
    }

    private static JournalState journal(StepRecord... steps) {
        return new JournalState(
                JournalState.API_VERSION,
                "shop/shop",
                "uid",
                "offline",
                2,
                null,
                1,
                Status.RUNNING,
                List.of(steps),
                null,
                List.of());
    }

    @Test
    void noLineIsWiderAndThereAreNoMoreThanTheTerminalHas() {
        copying();
        picture.on(new Progress.StepNote("copy-tables", "a note\nof \u001b[2J".repeat(40)));
        picture.on(
                new Progress.StepMoved(
                        "copy-tables", new Progress.LinkFigures("shop", 1_200_000, 0.3)));
        for (int width = 20; width < 240; width += 7) {
            for (int height = 3; height < 40; height++) {
                List<String> lines = picture.lines(PLAIN, width, height);
                assertThat(lines).hasSizeBetween(1, height);
                int columns = width;
                assertThat(lines)
                        .allSatisfy(line ->
                                assertThat(line)
                                        .hasSizeLessThanOrEqualTo(columns)
                                        .matches("[\\x20-\\x7e]*"));
            }
        }
    }

    @Test
    void colourIsPaintedOnlyWhereItIsWantedAndChangesNoText() {
        copying();
        List<String> plain = picture.lines(new Look(false, true), 80, 24);
        List<String> coloured = picture.lines(new Look(true, true), 80, 24);
        assertThat(String.join("", plain)).doesNotContain("\u001b").contains("█");
        assertThat(String.join("", coloured)).contains("\u001b[31m");
        assertThat(coloured.stream().map(l -> l.replaceAll("\u001b\\[[0-9;]*m", "")))
                .isEqualTo(plain);
        assertThat(coloured)
                .allSatisfy(l ->
                        assertThat(l.contains("\u001b[") ? l.lastIndexOf("\u001b[0m") : 0)
                                .isGreaterThanOrEqualTo(l.lastIndexOf("\u001b[3")));
    }
}
