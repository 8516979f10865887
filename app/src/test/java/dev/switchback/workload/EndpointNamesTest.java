package dev.switchback.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointNamesTest {
    private static final Map<String, String> MAP = new LinkedHashMap<>();

    static {
        MAP.put("pg", "db-rw");
        MAP.put("pg-pooler", "db-pooler-rw");
        MAP.put("pg-repl", "db-ro");
    }

    private final EndpointNames names = new EndpointNames(MAP, "shop", "shop");

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            textBlock =
                    """
                    pg                                            | db-rw
                    pg-pooler                                     | db-pooler-rw
                    pg:5432                                       | db-rw:5432
                    pg.shop                                       | db-rw.shop
                    pg-repl.shop.svc                              | db-ro.shop.svc
                    pg.shop.svc.cluster.local                     | db-rw.shop.svc.cluster.local
                    pg.shop.svc.cluster.local.                    | db-rw.shop.svc.cluster.local.
                    postgres://pg:secret@pg:5432/pg?host=pg-pooler| postgres://pg:secret@db-rw:5432/pg?host=db-pooler-rw
                    host=pg-repl port=5432 dbname=shop            | host=db-ro port=5432 dbname=shop
                    postgres://u:pg@pg/pg                         | postgres://u:pg@db-rw/pg
                    postgres://pg@pg:1,pg-repl:2/pg?user=pg       | postgres://pg@db-rw:1,db-ro:2/pg?user=pg
                    host=pg user=pg dbname=pg password=pg         | host=db-rw user=pg dbname=pg password=pg
                    jdbc:postgresql://pg/pg                       | jdbc:postgresql://db-rw/pg
                    pg,pg-repl                                    | db-rw,db-ro
                    "pg"                                          | "db-rw"
                    """,
            delimiter = '|')
    void aNameIsReplacedWhereItIsAWholeHost(String before, String after) {
        assertThat(names.rewrite(before, "shop")).isEqualTo(after);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pgbouncer",
                "my-pg",
                "pg_data",
                "pg-other",
                "pg.other",
                "pg.other.svc",
                "pg.shop.example.org",
                "pg.shop.svc.cluster.locality",
                "x.pg",
                "shop",
                ""
            })
    void aNameInsideAnotherIsLeftAlone(String value) {
        assertThat(names.namesIn(value)).isEmpty();
        assertThat(names.rewrite(value, "shop")).isEqualTo(value);
    }

    @Test
    void theNamesFoundAreTheOldOnesWithoutTheirSuffix() {
        assertThat(names.namesIn("pg.shop.svc,pg-pooler:6432,pg"))
                .containsExactly("pg", "pg-pooler");
    }

    @Test
    void aBareNameIsQualifiedWhenTheTargetLivesElsewhere() {
        EndpointNames moved = new EndpointNames(MAP, "shop", "data");
        assertThat(moved.rewrite("pg", "shop")).isEqualTo("db-rw.data");
        assertThat(moved.rewrite("pg.shop.svc", "shop")).isEqualTo("db-rw.data.svc");
        assertThat(moved.rewrite("pg.shop.svc.cluster.local", "data"))
                .isEqualTo("db-rw.data.svc.cluster.local");
    }

    @Test
    void rewritingTwiceChangesNothingMore() {
        String once = names.rewrite("postgres://u:p@pg.shop.svc/x", "shop");
        assertThat(names.rewrite(once, "shop")).isEqualTo(once);
        assertThat(names.namesTarget(once)).isTrue();
        assertThat(names.namesTarget("postgres://u:p@pg.shop.svc/x")).isFalse();
        assertThat(names.namesTarget("db-rw-old")).isFalse();
    }
}
