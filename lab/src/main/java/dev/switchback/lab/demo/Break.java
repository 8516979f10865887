package dev.switchback.lab.demo;

import dev.switchback.lab.kube.MastodonCluster;
import java.util.List;
import java.util.stream.Stream;

/**
 * One defect planted in the lab's world before the program runs; a check must find it.
 *
 * @param name as given to {@code demo --break}
 * @param what the defect, in words
 * @param check id of the check that must fail
 * @param code printed code of the finding
 */
public record Break(String name, String what, String check, String code, Planting planting) {

    /** How a defect gets into the world; whatever a defect does not touch is left as it is. */
    public interface Planting {
        /** Before the objects are created. */
        default MastodonCluster objects(MastodonCluster cluster) {
            return cluster;
        }

        /** In the running world, before the program starts. */
        default void world(Lab lab) throws Exception {}

        /** In the migration document. */
        default String document(String document, Lab lab) throws Exception {
            return document;
        }
    }

    /** Every defect the demo can plant, in the order in which {@code --break list} prints them. */
    public static List<Break> all() {
        return Stream.of(
                        DataBreaks.ALL,
                        DatabaseBreaks.ALL,
                        ObjectBreaks.ALL,
                        EndpointBreaks.ALL,
                        BackupBreaks.ALL,
                        TimingBreaks.ALL,
                        ValidateBreaks.ALL,
                        OnlineBreaks.ALL)
                .flatMap(List::stream)
                .toList();
    }
}
