package dev.switchback.lab.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchback.lab.demo.Script.Command;
import dev.switchback.runbook.SharedTemplate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The online demo there and back, with the real program on a tiny database. */
class OnlineDemoKubeTest {

    @Test
    void whatIsWrittenOnTheTargetComesBackWithTheService() throws Exception {
        Script script = new Script(Strategy.ONLINE, List.of(Command.ROLLBACK), false);
        try (Lab lab = Lab.start(SharedTemplate.get(), Strategy.ONLINE.pace())) {
            DemoRun.Outcome ended =
                    new DemoRun(lab, script, false)
                            .run(
                                    Duration.ofSeconds(1),
                                    Duration.ofSeconds(1),
                                    Optional.empty(),
                                    Optional.empty());
            assertThat(ended.violations()).isEmpty();
            assertThat(ended.exit()).isZero();
            JsonNode document = ended.document();
            assertThat(document.path("strategy").asText()).isEqualTo("online");
            assertThat(document.path("liveSide").asText()).isEqualTo("source");
            assertThat(document.path("lostWrites").asInt(-1)).isZero();
            assertThat(document.path("duplicateWrites").asInt(-1)).isZero();
            JsonNode there = document.path("runs").path(0);
            assertThat(there.path("command").asText()).isEqualTo("migrate");
            assertThat(there.path("result").asText()).isEqualTo("migrated");
            assertThat(there.path("writePauseSeconds").asDouble()).isPositive();
            assertThat(there.path("rollback").path("state").asText()).isEqualTo("withData");
            assertThat(there.path("reverseLink").path("state").asText()).isEqualTo("streaming");
            JsonNode back = document.path("runs").path(1);
            assertThat(back.path("command").asText()).isEqualTo("rollback");
            assertThat(back.path("result").asText()).isEqualTo("returned");
        }
    }
}
