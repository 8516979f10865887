package dev.switchback.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.engine.Outcome;
import dev.switchback.engine.Phase;
import dev.switchback.engine.RunResult;
import dev.switchback.engine.Step;
import dev.switchback.fault.Code;
import dev.switchback.lab.kube.MastodonCluster;
import dev.switchback.steps.link.SeedTables;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The WAL that is kept for the copy comes to the floor of the source's volume. */
@Tag("boundaries")
class OnlineDiskFloorKubeTest {
    private static final ResourceDefinitionContext POSTGRESQL =
            new ResourceDefinitionContext.Builder()
                    .withGroup("acid.zalan.do")
                    .withVersion("v1")
                    .withPlural("postgresqls")
                    .withKind("postgresql")
                    .withNamespaced(true)
                    .build();

    /** Less than the databases alone. */
    private static final String FULL = "10Mi";

    @Test
    void atTheFloorOnlyOurSlotGoesInMidCopyAndInMidStreamAndTheSourceLives() throws Exception {
        try (OnlineRig online = new OnlineRig()) {
            String large = volume(online, FULL);
            volume(online, large);
            RunResult copying =
                    online.migrate(book ->
                            Rig.with(
                                    book,
                                    SeedTables.ID,
                                    real ->
                                            AlteredStep.thenHangs(
                                                    real,
                                                    () -> volume(online, FULL),
                                                    Duration.ofMinutes(1))));
            assertAtTheFloor(online, copying);
            volume(online, large);

            RunResult synced =
                    online.migrate(online.document, book -> book, o -> o.withUntil(Phase.SYNC));
            assertThat(synced.outcome())
                    .as("%s", synced.problems())
                    .isEqualTo(Outcome.STOPPED_AT_PHASE);
            volume(online, FULL);
            RunResult following =
                    online.migrate(book ->
                            Rig.with(book, "stop-writers", OnlineDiskFloorKubeTest::neverBegun));
            assertAtTheFloor(online, following);
            volume(online, large);

            assertThat(online.run("abort").exit()).isZero();
            RunResult done = online.migrate();
            assertThat(done.outcome()).as("%s", done.problems()).isEqualTo(Outcome.COMPLETED);
            online.rig.assertMigrated();
        }
    }

    /** Held before it stops anybody, with the link watched. */
    private static AlteredStep neverBegun(Step real) {
        return new AlteredStep(
                real,
                Duration.ofMinutes(3),
                (step, context) -> {
                    long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
                    while (System.nanoTime() < end) {
                        context.checkpoint();
                        Thread.sleep(20);
                    }
                    throw new AssertionError("nobody noticed the floor");
                });
    }

    private static void assertAtTheFloor(OnlineRig online, RunResult result) throws Exception {
        assertThat(result.problems()).isNotEmpty();
        assertThat(result.problems().getFirst().code())
                .as("%s", result.problems())
                .isEqualTo(Code.DISK_FLOOR);
        assertThat(online.forward().slot()).isEmpty();
        online.rig.assertSourceServes();
    }

    /** Writes {@code spec.volume.size}, and says what it was. */
    private static String volume(OnlineRig online, String size) {
        String[] before = new String[1];
        online.rig
                .lab
                .kube()
                .client()
                .genericKubernetesResources(POSTGRESQL)
                .inNamespace(MastodonCluster.NAMESPACE)
                .withName(MastodonCluster.SOURCE)
                .edit(object -> {
                    before[0] = String.valueOf(object.<Object>get("spec", "volume", "size"));
                    Map<String, Object> spec = new LinkedHashMap<>(object.get("spec"));
                    spec.put("volume", Map.of("size", size));
                    object.setAdditionalProperty("spec", spec);
                    return object;
                });
        return before[0];
    }
}
