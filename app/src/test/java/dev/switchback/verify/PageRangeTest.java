package dev.switchback.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PageRangeTest {

    @ParameterizedTest
    @CsvSource({"0,1", "0,5", "1,1", "1,9", "10,3", "10,10", "1000,7", "4294967295,64"})
    void rangesFollowEachOtherWithoutGapsAndTheLastHasNoEnd(long pages, long parts) {
        List<PageRange> ranges = PageRange.split(pages, parts);

        assertThat(ranges).hasSizeLessThanOrEqualTo((int) parts);
        assertThat(ranges.getFirst().from()).isZero();
        assertThat(ranges.getLast().to()).isEqualTo(PageRange.ALL.to());
        for (int i = 1; i < ranges.size(); i++) {
            assertThat(ranges.get(i).from()).isEqualTo(ranges.get(i - 1).to());
            assertThat(ranges.get(i).from()).isLessThan(pages);
        }
    }

    @Test
    void everythingNeedsNoCondition() {
        assertThat(PageRange.ALL.condition("r")).isEmpty();
        assertThat(new PageRange(3, 9).condition("r"))
                .isEqualTo(" WHERE r.ctid >= '(3,0)'::tid AND r.ctid < '(9,0)'::tid");
    }
}
