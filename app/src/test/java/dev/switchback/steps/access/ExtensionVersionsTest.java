package dev.switchback.steps.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExtensionVersionsTest {
    @ParameterizedTest
    @CsvSource({"1.10, 1.9, 1", "1.6, 1.6.0, 0", "3.4.2, 3.5, -1", "2, 10, -1"})
    void dottedNumbersCompareAsNumbers(String one, String other, int sign) {
        assertThat(ExtensionVersions.compare(one, other)).hasValue(sign);
    }

    @Test
    void nobodyKnowsWhetherADevelopmentBuildIsNewer() {
        assertThat(ExtensionVersions.compare("3.4.0dev", "3.4.0")).isEqualTo(OptionalInt.empty());
    }
}
