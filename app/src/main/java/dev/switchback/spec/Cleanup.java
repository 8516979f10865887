package dev.switchback.spec;

import java.time.Duration;
import java.util.Optional;

/**
 * When the source may be given up, and how.
 *
 * @param notBefore how long the target must have served without an alert
 * @param finalBackup whether a last backup of the source is taken and proven first
 * @param operatorNamespace where Zalando's operator has its configuration; empty: the source's
 * @param operatorConfiguration name of that object; empty: the only one there
 */
public record Cleanup(
        Duration notBefore,
        boolean finalBackup,
        Optional<String> operatorNamespace,
        Optional<String> operatorConfiguration) {
    /** The migration guide's: after seven days of stable operation. */
    public static final Cleanup DEFAULT =
            new Cleanup(Duration.ofDays(7), true, Optional.empty(), Optional.empty());
}
