package dev.switchback.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.pg.TableId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TablePatternsTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "orders, public, orders, true",
                "orders, other, orders, true",
                "public.orders, other, orders, false",
                "public.ord*, public, orders, true",
                "*.orders, x, orders, true",
                "order?, public, orders, true",
                "order?, public, order, false",
                "Orders, public, orders, false",
                "\"a.b\".c, a.b, c, true",
                "\"a.b\", public, a.b, true",
                "\"x\"\"y\", public, x\"y, true",
                "\"*\", public, orders, false",
                "a[b, public, a[b, true"
            })
    void namesAreComparedAsTheyAreStored(String pattern, String schema, String name, boolean fits) {
        assertThat(TablePatterns.one(pattern).test(new TableId(schema, name))).isEqualTo(fits);
    }

    @Test
    void withoutPatternsEveryTableIsMeant() {
        assertThat(TablePatterns.any(List.of()).test(new TableId("a", "b"))).isTrue();
    }
}
