package dev.switchback.copy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.lab.pg.PgServer;
import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** How far beyond the old side's positions those of the new side begin. */
class SequenceGapPgTest {
    private static final String SEQUENCES =
            """
            CREATE SEQUENCE ascending; SELECT setval('ascending', 500);
            CREATE SEQUENCE descending INCREMENT -5; SELECT setval('descending', -100);
            CREATE SEQUENCE never_called START 77;
            CREATE SEQUENCE set_uncalled; SELECT setval('set_uncalled', 9, false);
            CREATE SEQUENCE at_maximum MAXVALUE 1000; SELECT setval('at_maximum', 1000);
            CREATE SEQUENCE near_maximum AS smallint; SELECT setval('near_maximum', 32767 - 99);
            CREATE SEQUENCE to_maximum AS smallint; SELECT setval('to_maximum', 32767 - 100);
            CREATE SEQUENCE at_bigint; SELECT setval('at_bigint', 9223372036854775807);
            CREATE SEQUENCE at_minimum INCREMENT -1; SELECT setval('at_minimum', -9223372036854775807 - 1);
            CREATE SEQUENCE cached CACHE 700; SELECT nextval('cached');
            CREATE SEQUENCE cycling MAXVALUE 50 CYCLE; SELECT setval('cycling', 50)
            """;

    @Test
    void positionsMoveInTheSequencesDirectionPastWhatSessionsCacheAndNeverPastTheEnd()
            throws Exception {
        try (PgServer server = PgServer.start(15);
                Connection session = server.connect("postgres");
                Connection caching = server.connect("postgres")) {
            Sql.run(session, SEQUENCES);
            String given = Sql.one(caching, "SELECT nextval('cached')");
            List<SequenceState> now = Sequences.read(session, Exclusions.spilo());

            assertThat(SequenceGap.beyond(session, now, 0)).isEqualTo(now);
            List<SequenceState> beyond = SequenceGap.beyond(session, now, 100);

            Map<String, String> positions =
                    beyond.stream()
                            .collect(
                                    Collectors.toMap(
                                            s -> s.id().name(),
                                            s ->
                                                    s.lastValue()
                                                            + (s.isCalled() ? "" : " uncalled")));
            assertThat(positions)
                    .containsEntry("ascending", "600")
                    .containsEntry("descending", "-600")
                    .containsEntry("never_called", "77 uncalled")
                    .containsEntry("set_uncalled", "9 uncalled")
                    .containsEntry("at_maximum", "1000")
                    .containsEntry("near_maximum", String.valueOf(32767 - 99))
                    .containsEntry("to_maximum", "32767")
                    .containsEntry("at_bigint", String.valueOf(Long.MAX_VALUE))
                    .containsEntry("at_minimum", String.valueOf(Long.MIN_VALUE))
                    .containsEntry("cycling", "50");

            // what the session still has in its cache is below what the other side begins with
            Sequences.apply(session, Exclusions.spilo(), beyond);
            long cachedStill = Long.parseLong(Sql.one(caching, "SELECT nextval('cached')"));
            assertThat(cachedStill).isEqualTo(Long.parseLong(given) + 1);
            try (Connection other = server.connect("postgres")) {
                assertThat(Long.parseLong(Sql.one(other, "SELECT nextval('cached')")))
                        .isGreaterThan(Long.parseLong(given) + 700);
            }
        }
    }
}
