package dev.switchback.diagnose;

import java.util.List;
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
}
