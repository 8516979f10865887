package dev.switchback.steps.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.engine.Finding;
import dev.switchback.engine.Finding.Level;
import dev.switchback.engine.Observation;
import dev.switchback.steps.Findings;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** How much WAL the source can keep, weighed against how fast it comes. */
class WalRoomTest {
    private static final long MIB = 1024 * 1024;
    private static final long GIB = 1024 * MIB;

    private static List<Finding> found(double rate, long keep, OptionalLong free) {
        Findings findings = new Findings(List.of());
        new WalRoom("data/db", rate, 600, keep, GIB, free)
                .tell(value -> "set to " + value, more -> "grow it by " + more, findings);
        return switch (findings.observation()) {
            case Observation.Done done -> done.findings();
            case Observation.Impossible impossible -> impossible.findings();
            case Observation.Todo todo -> throw new AssertionError(todo.why());
        };
    }

    @Test
    void plentyOfRoomSaysNothing() {
        assertThat(found(MIB, -1, OptionalLong.of(100 * GIB))).isEmpty();
        assertThat(found(0, -1, OptionalLong.of(GIB))).isEmpty();
        assertThat(found(0, 2 * GIB, OptionalLong.of(GIB))).isEmpty();
    }

    @Test
    void aLimitThatTheCopyOutlastsBlocksWithTheCommandThatLiftsIt() {
        assertThat(found(5 * MIB, 2 * GIB, OptionalLong.of(1000 * GIB)))
                .singleElement()
                .satisfies(f -> {
                    assertThat(f.level()).isEqualTo(Level.FAIL);
                    assertThat(f.problem().code().id()).isEqualTo("SB-492");
                    assertThat(f.problem().what()).contains("2048.0 MiB", "5.0 MiB", "7 min");
                    assertThat(f.problem().remedy()).isEqualTo("set to -1");
                });
        assertThat(found(5 * MIB, 20 * GIB, OptionalLong.of(1000 * GIB))).isEmpty();
    }

    @Test
    void aVolumeThatFillsWithinADayWarnsAndWithinTheCopyBlocks() {
        assertThat(found(MIB, -1, OptionalLong.of(20 * GIB)))
                .singleElement()
                .satisfies(f -> {
                    assertThat(f.level()).isEqualTo(Level.WARN);
                    assertThat(f.problem().what()).contains("5.7 hours", "estimate");
                    assertThat(f.problem().remedy())
                            .isEqualTo("grow it by " + (24L * 3600 * MIB - 20 * GIB));
                });
        assertThat(found(MIB, -1, OptionalLong.of(GIB)))
                .singleElement()
                .satisfies(f -> assertThat(f.level()).isEqualTo(Level.FAIL));
    }

    @Test
    void aVolumeOfUnknownSizeIsUnknownAndNotFine() {
        assertThat(found(MIB, -1, OptionalLong.empty()))
                .singleElement()
                .satisfies(f -> assertThat(f.level()).isEqualTo(Level.UNKNOWN));
    }
}
