package dev.switchback.diagnose;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The whole table; docs/diagnose.md is compared with it. Inside a chapter the root comes first. */
public final class Causes {
    private Causes() {}

    public static final List<Cause> ALL =
            Stream.of(
                            BackupCauses.ALL,
                            RestoreCauses.ALL,
                            ConnectCauses.ALL,
                            LoginCauses.ALL,
                            DataCauses.ALL,
                            PerformanceCauses.ALL)
                    .flatMap(List::stream)
                    .toList();

    /**
     * The causes that the evidence tells of, the surest first, then in the order of the table. One
     * that is only possible is left out where surer ones explain all of its evidence.
     */
    static List<Found> in(Evidence evidence, Set<Symptom> symptoms) {
        List<Found> found = new ArrayList<>();
        for (Cause cause : ALL) {
            List<Cause.Because> because = cause.rule().in(evidence).distinct().toList();
            if (!because.isEmpty()) {
                found.add(new Found(cause, because));
            }
        }
        List<String> explained =
                found.stream()
                        .filter(f -> f.cause().certainty() != Certainty.POSSIBLE)
                        .flatMap(f -> f.because().stream())
                        .map(Cause.Because::seen)
                        .toList();
        return found.stream()
                .filter(f -> symptoms.contains(f.cause().symptom()))
                .filter(f ->
                        f.cause().certainty() != Certainty.POSSIBLE
                                || !f.because().stream()
                                        .allMatch(b -> explained.contains(b.seen())))
                .sorted(Comparator.comparing(f -> f.cause().certainty()))
                .toList();
    }
}
