package dev.switchback.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.engine.Gate;
import dev.switchback.lab.demo.Lab;
import dev.switchback.spec.DocumentReader;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A real database, its measured rates, and a clock that stands at the times that matter. */
@Timeout(120)
class WindowGateKubeTest {
    private static final Instant TUESDAY_AT_THREE = Instant.parse("2026-12-01T03:00:00Z");
    private static final Instant TUESDAY_AT_NOON = Instant.parse("2026-12-01T12:00:00Z");

    private static Rig rig;

    @BeforeAll
    static void start() throws Exception {
        rig = new Rig();
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    private static Optional<String> closed(String document, Instant now) throws Exception {
        try (Stage stage =
                Stage.open(
                        DocumentReader.parse("lab", document),
                        new Stage.Connect(
                                Optional.of(rig.lab.kubeconfig()), Optional.empty(), true),
                        event -> {},
                        InstantSource.fixed(now))) {
            List<Gate> gates = stage.runbook().gates();
            assertThat(gates).extracting(Gate::before).containsExactly("stop-writers");
            return gates.getFirst().closedBecause(new LookContext("run", "uid", false));
        }
    }

    private static String window(String more) {
        return Lab.DOCUMENT + "  window: {utc: \"02:00-06:00\", days: [tue]" + more + "}\n";
    }

    @Test
    void outsideTheWindowItIsClosedAndInsideOpenForBothStrategies() throws Exception {
        assertThat(closed(window(""), TUESDAY_AT_NOON))
                .hasValueSatisfying(
                        why -> assertThat(why).contains("SB-461", "opens at 2026-12-08T02:00 UTC"));
        assertThat(
                        closed(
                                window("").replace("strategy: offline", "strategy: online"),
                                TUESDAY_AT_THREE))
                .isEmpty();
    }

    @Test
    void aBlackoutAndAPredictionOverTheLongestHoldItUnlessAcceptedByName() throws Exception {
        String document = window(", maxLength: 1ms, blackout: [\"2026-12-01\"]");
        assertThat(closed(document, TUESDAY_AT_THREE))
                .hasValueSatisfying(
                        why -> assertThat(why).contains("SB-460", "SB-640", "spec.overrides"));
        assertThat(
                        closed(
                                document
                                        + "  overrides: [{code: SB-460, reason: quiet}, {code: SB-640, reason: agreed}]\n",
                                TUESDAY_AT_THREE))
                .isEmpty();
    }

    @Test
    void aCutoverThatCannotBePredictedDoesNotBegin() throws Exception {
        assertThat(
                        closed(
                                window("").replace("databases: [mastodon]", "databases: [nowhere]"),
                                TUESDAY_AT_THREE))
                .hasValueSatisfying(why -> assertThat(why).contains("cannot be predicted"));
    }
}
