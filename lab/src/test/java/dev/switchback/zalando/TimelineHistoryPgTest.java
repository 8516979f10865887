package dev.switchback.zalando;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.lab.Await;
import dev.switchback.lab.pg.PgServer;
import dev.switchback.pg.Lsn;
import dev.switchback.pg.Sql;
import java.nio.file.Files;
import java.sql.Connection;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that is promoted twice tells where it left each timeline. */
class TimelineHistoryPgTest {
    @ParameterizedTest
    @ValueSource(ints = {13, 18})
    void theSwitchPointsOfAPromotedServerAreRead(int major) throws Exception {
        try (PgServer server = PgServer.start(major)) {
            Lsn before;
            try (Connection first = server.connect("postgres")) {
                assertThat(TimelineHistory.read(first).current()).isEqualTo(1);
                assertThat(TimelineHistory.switchPoint(first, 1)).isEmpty();
                before = wal(first);
            }
            promoteAnew(server);
            Lsn second;
            try (Connection promoted = server.connect("postgres")) {
                assertThat(TimelineHistory.currentTimeline(promoted)).isEqualTo(2);
                Optional<Lsn> left = TimelineHistory.switchPoint(promoted, 1);
                assertThat(left).isPresent();
                assertThat(left.get()).isBetween(before, wal(promoted));
                Sql.run(promoted, "CREATE TABLE written_on_two (id int)");
                second = wal(promoted);
            }
            promoteAnew(server);
            try (Connection promoted = server.connect("postgres")) {
                TimelineHistory history = TimelineHistory.read(promoted);
                assertThat(history.current()).isEqualTo(3);
                assertThat(history.left(1).orElseThrow()).isLessThan(second);
                assertThat(history.left(2).orElseThrow()).isGreaterThanOrEqualTo(second);
                assertThatThrownBy(() -> TimelineHistory.switchPoint(promoted, 7))
                        .hasMessageContaining("timeline 7 is no ancestor of timeline 3");
                Files.delete(server.dataDirectory().resolve("pg_wal").resolve("00000003.history"));
                assertThatThrownBy(() -> TimelineHistory.read(promoted))
                        .isInstanceOfSatisfying(
                                SwitchbackException.class,
                                e -> assertThat(e.code()).isEqualTo(Code.TIMELINE_UNREADABLE));
            }
        }
    }

    /** As a standby that becomes the primary: recovery without a source, then a promotion. */
    private static void promoteAnew(PgServer server) throws Exception {
        server.stop();
        Files.writeString(server.dataDirectory().resolve("standby.signal"), "");
        server.restart();
        try (Connection standby = server.connect("postgres")) {
            assertThatThrownBy(() -> TimelineHistory.read(standby))
                    .hasMessageContaining("in recovery");
            Sql.run(standby, "SELECT pg_promote()");
            Await.until(
                    "promoted",
                    Duration.ofSeconds(20),
                    () -> Sql.one(standby, "SELECT pg_is_in_recovery()").equals("f"));
        }
    }

    private static Lsn wal(Connection connection) throws Exception {
        return Lsn.parse(Sql.one(connection, "SELECT pg_current_wal_lsn()"));
    }
}
