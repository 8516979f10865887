package dev.switchback.fence;

import dev.switchback.pg.Lsn;
import java.time.Duration;
import java.util.List;

/**
 * What {@link Fence#raise} proved.
 *
 * @param barrier every change acknowledged to an application lies before this position
 * @param took from the start of {@link Fence#raise} to the proof
 * @param tables how many tables carry the trigger, all databases together
 * @param terminated how many sessions were ended
 * @param spared sessions left alone, as {@code database: role/application_name}
 * @param quiet the counters at the barrier; compare a later reading with it before the switch
 */
public record FenceProof(
        Lsn barrier,
        Duration took,
        int tables,
        int terminated,
        List<String> spared,
        QuietProof quiet) {

    public FenceProof {
        spared = List.copyOf(spared);
    }
}
