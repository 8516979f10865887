package dev.switchback.spec;

/**
 * How strategy online goes about what logical replication does not carry, and when it stops.
 *
 * @param unlogged rows of unlogged tables
 * @param largeObjects large objects
 * @param sequenceGap by how many increments a sequence is set beyond the source's position, in its
 *     increment's direction; 0 means none
 * @param maxLag bytes of WAL that the target may lack when the writers are stopped
 * @param diskFloor percent of the source's volume that must stay free; below it our replication
 *     slot is dropped, so that production lives
 */
public record Online(
        Carry unlogged, Carry largeObjects, long sequenceGap, long maxLag, int diskFloor) {

    public static final Online DEFAULT = new Online(Carry.COPY, Carry.COPY, 1000, 16L << 20, 10);

    /** What becomes of something that logical replication leaves behind. */
    public enum Carry {
        /** Copied while the writers are stopped. */
        COPY,
        /** A migration that has any is refused by the checks. */
        REFUSE;

        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }
}
