package dev.switchback.spec;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The safety backup of the source (the guide's step 1.1).
 *
 * @param to where a dump goes; present when the mode is {@link Mode#DUMP}
 * @param keyTables tables that are restored and counted to prove the backup, {@code table} or
 *     {@code schema.table}
 * @param minSize least bytes of the whole backup; 0 when none was asked for
 * @param maxAge how old an existing backup may be
 * @param maxRate most bytes a second that leave {@code pg_dump}; empty when not limited
 */
public record Backup(
        Backup.At at,
        Backup.Mode mode,
        Optional<Backup.Destination> to,
        List<String> keyTables,
        long minSize,
        Duration maxAge,
        Optional<Long> maxRate) {

    public static final Duration DEFAULT_MAX_AGE = Duration.ofHours(24);

    /** When it is taken: while the writers still run, or behind the fence. */
    public enum At {
        PREPARE,
        FENCE;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Taken by us, found and judged, or not wanted. */
    public enum Mode {
        DUMP,
        EXISTING,
        NONE;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Where a dump goes. */
    public sealed interface Destination {}

    /** A folder as the machine sees it on which Switchback runs: a mounted volume, a disk. */
    public record Folder(String path) implements Destination {}

    /**
     * A bucket of an S3-compatible store.
     *
     * @param prefix of the keys, without a slash at its ends; may be empty
     * @param credentials name of the Secret with the access key, in the migration's namespace
     * @param endpoint of a store that is not AWS
     */
    public record Bucket(
            String bucket, String prefix, String credentials, Optional<URI> endpoint, String region)
            implements Destination {}

    public Backup withMaxRate(long bytesASecond) {
        return new Backup(at, mode, to, keyTables, minSize, maxAge, Optional.of(bytesASecond));
    }

    /** Whether a dump is to be taken at this point. */
    public boolean dumpsAt(At when) {
        return mode == Mode.DUMP && at == when;
    }
}
