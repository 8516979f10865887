package dev.switchback.estimate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import dev.switchback.estimate.Prediction.Planned;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PredictionTest {
    private static final List<Planned> RUNBOOK =
            List.of(
                    new Planned("check-source", false),
                    new Planned("create-schema", false),
                    new Planned("stop-writers", true),
                    new Planned("fence-source", true),
                    new Planned("copy-tables", true),
                    new Planned("build-indexes", true),
                    new Planned("copy-large-objects", true),
                    new Planned("analyze-target", true),
                    new Planned("validate-basics", true),
                    new Planned("start-writers", true),
                    new Planned("verify-content", false),
                    new Planned("a-step-of-tomorrow", true));
    private static final Rates MEASURED =
            new Rates(true, "measured here", 40e6, 30e6, 60e6, 0.01, 0.001);
    private static final WriterTimes WRITERS = new WriterTimes(6, 30, List.of(8.0, 12.0), 180, 300);

    private static Sizes sizes(long scale) {
        return new Sizes(
                scale * 2_000_000,
                LongStream.of(7, 2, 1).map(b -> b * scale * 100_000).boxed().toList(),
                List.of(
                        new Sizes.Index("btree", scale * 300_000),
                        new Sizes.Index("gin", scale * 100_000)),
                List.of(scale * 900_000),
                List.of(scale * 50_000),
                10 + scale / 100,
                scale / 10,
                scale * 1000,
                40 + scale / 50,
                1);
    }

    private static Prediction of(Sizes sizes, Rates rates, int jobs) {
        return Prediction.of(RUNBOOK, sizes, rates, WRITERS, jobs);
    }

    @Test
    void noStepBecomesShorterWhenTheDatabaseGrows() {
        for (Rates rates : List.of(MEASURED, Rates.assumed("for this test"))) {
            for (int jobs : List.of(1, 2, 8)) {
                Prediction smaller = of(Sizes.NOTHING, rates, jobs);
                for (long scale = 1; scale <= 1_000_000; scale *= 10) {
                    Prediction larger = of(sizes(scale), rates, jobs);
                    for (Planned step : RUNBOOK) {
                        Span before = smaller.step(step.id()).orElseThrow();
                        Span after = larger.step(step.id()).orElseThrow();
                        assertThat(after.low()).as(step.id()).isGreaterThanOrEqualTo(before.low());
                        assertThat(after.expected())
                                .as(step.id())
                                .isGreaterThanOrEqualTo(before.expected());
                        assertThat(after.high())
                                .as(step.id())
                                .isGreaterThanOrEqualTo(before.high());
                    }
                    smaller = larger;
                }
            }
        }
    }

    @Test
    void anEmptyDatabaseTakesSomeTimeAndNeverLessThanNone() {
        Prediction nothing = of(Sizes.NOTHING, Rates.assumed("nothing there"), 4);
        assertThat(nothing.downtime().low()).isPositive();
        assertThat(nothing.downtime().expected()).isLessThan(60);
        assertThat(nothing.steps().values()).allSatisfy(s -> assertThat(s.high()).isPositive());
    }

    @Test
    void theDowntimeIsTheSumOfItsStepsAndTheTotalOfAll() {
        Prediction prediction = of(sizes(1000), MEASURED, 2);
        double downtime =
                RUNBOOK.stream()
                        .filter(Planned::inDowntime)
                        .mapToDouble(s -> prediction.step(s.id()).orElseThrow().high())
                        .sum();
        assertThat(prediction.downtime().high()).isCloseTo(downtime, offset(1e-6));
        assertThat(prediction.total().high()).isGreaterThan(downtime);
        assertThat(prediction.steps()).hasSameSizeAs(RUNBOOK);
    }

    @Test
    void whatIsOnlyAssumedIsClaimedLessSharply() {
        Span measured = of(sizes(10_000), MEASURED, 2).step("copy-tables").orElseThrow();
        Rates same = new Rates(false, "no temporary table", 40e6, 30e6, 60e6, 0.01, 0.001);
        Span assumed = of(sizes(10_000), same, 2).step("copy-tables").orElseThrow();
        assertThat(assumed.expected()).isEqualTo(measured.expected());
        assertThat(assumed.low()).isLessThan(measured.low());
        assertThat(assumed.high()).isGreaterThan(measured.high());
    }

    @Test
    void moreWorkersHelpButNeverBelowTheLargestTable() {
        Span one = of(sizes(10_000), MEASURED, 1).step("copy-tables").orElseThrow();
        Span two = of(sizes(10_000), MEASURED, 2).step("copy-tables").orElseThrow();
        Span many = of(sizes(10_000), MEASURED, 64).step("copy-tables").orElseThrow();
        assertThat(two.expected()).isLessThan(one.expected());
        double largest = 7L * 10_000 * 100_000 / 40e6;
        assertThat(many.expected()).isGreaterThanOrEqualTo(largest);
        assertThat(many.high()).isEqualTo(one.high());
    }

    @Test
    void writersArePredictedFromTheirPodsAndNeverBeyondTheirBudgets() {
        WriterTimes slow = new WriterTimes(3, 3600, List.of(400.0), 60, 120);
        assertThat(slow.stop().high()).isEqualTo(60);
        assertThat(slow.start().high()).isEqualTo(120);
        assertThat(new WriterTimes(0, 0, List.of(), 60, 120).stop().high()).isLessThan(5);
        WriterTimes seen = new WriterTimes(3, 30, List.of(20.0, 40.0), 60, 300);
        WriterTimes unseen = new WriterTimes(3, 30, List.of(), 60, 300);
        assertThat(seen.start().expected()).isEqualTo(41);
        assertThat(unseen.start().low()).isLessThan(seen.start().low());
    }

    @Test
    void theJournalsFactsGiveTheSamePredictionBack() {
        Prediction prediction = of(sizes(1234), MEASURED, 2);
        Prediction read = Prediction.parse(prediction.facts()).orElseThrow();
        assertThat(read.steps()).containsOnlyKeys(prediction.steps().keySet());
        assertThat(read.downtime().expected())
                .isCloseTo(prediction.downtime().expected(), offset(0.01));
        assertThat(read.rates()).isEqualTo(MEASURED);
        assertThat(read.tableBytes()).isEqualTo(prediction.tableBytes());
        assertThat(Prediction.parse(Map.of())).isEmpty();
        Map<String, String> damaged = new HashMap<>(prediction.facts());
        damaged.put("downtime", "soon");
        assertThatThrownBy(() -> Prediction.parse(damaged))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theGuidesRowsAreChosenBySizeAndEveryStepOfTheDowntimeHasOneOfItsPhases() {
        assertThat(GuideTimes.forSize(0).size()).isEqualTo("< 1GB");
        assertThat(GuideTimes.forSize(1_000_000_000).size()).isEqualTo("1-5GB");
        assertThat(GuideTimes.forSize(19_999_999_999L).downtime()).isEqualTo("10-18 minutes");
        assertThat(GuideTimes.forSize(Long.MAX_VALUE - 1).downtime()).isEqualTo("18+ minutes");
        assertThat(GuideTimes.BREAKDOWN.stream().map(GuideTimes.Phase::name))
                .contains(GuideTimes.phaseOf("copy-tables"), GuideTimes.phaseOf("anything-else"));
    }
}
