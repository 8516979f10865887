package dev.switchback.lab.traps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.lab.pg.PgServer;
import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The smoke database itself: every trap can be planted, and every question has an answer. */
@Tag("boundaries")
class TrapDatabasePgTest {

    @ParameterizedTest
    @ValueSource(ints = {13, 15, 17, 18})
    void everyTrapIsPlantedOrSkippedByName(int major) throws Exception {
        try (PgServer server = PgServer.start(major)) {
            TrapDatabase.createRoles(server);
            TrapDatabase.Planted planted = TrapDatabase.create(server, server, "traps");
            System.out.println("traps skipped on " + major + ": " + planted.skipped());
            assertThat(planted.held()).hasSizeGreaterThan(24);
            try (Connection connection = server.connect("traps")) {
                for (Trap trap : planted.held()) {
                    List<String> answers = trap.answers(connection);
                    assertThat(answers).as(trap.id()).isNotEmpty();
                }
            }
        }
    }
}
