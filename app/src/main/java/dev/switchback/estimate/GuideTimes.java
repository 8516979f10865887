package dev.switchback.estimate;

import java.util.List;
import java.util.Map;

/**
 * The migration guide's own expectations for the way by hand: its tables "Downtime Breakdown" and
 * "Database Size Impact", word for word.
 */
public final class GuideTimes {
    private GuideTimes() {}

    /**
     * A row of "Downtime Breakdown".
     *
     * @param duration as the guide writes it
     */
    public record Phase(String name, String duration) {}

    /**
     * A row of "Database Size Impact".
     *
     * @param below bytes up to which it holds, exclusive
     */
    public record Row(String size, long below, String backup, String restore, String downtime) {}

    private static final String SCALE_DOWN = "Application Scale Down";
    private static final String BACKUP = "Final Backup Creation";
    private static final String RESTORATION = "Data Restoration";
    private static final String VALIDATION = "Basic Validation";
    private static final String SCALE_UP = "Application Scale Up";

    private static final Map<String, String> PHASE_OF =
            Map.ofEntries(
                    Map.entry("stop-writers", SCALE_DOWN),
                    Map.entry("fence-source", SCALE_DOWN),
                    Map.entry("take-safety-backup", BACKUP),
                    Map.entry("copy-tables", RESTORATION),
                    Map.entry("build-indexes", RESTORATION),
                    Map.entry("drain-link", RESTORATION),
                    Map.entry("copy-unlogged", RESTORATION),
                    Map.entry("refresh-materialized-views", RESTORATION),
                    Map.entry("copy-sequences", RESTORATION),
                    Map.entry("copy-large-objects", RESTORATION),
                    Map.entry("analyze-target", RESTORATION),
                    Map.entry("switch-endpoints", SCALE_UP),
                    Map.entry("open-target", SCALE_UP),
                    Map.entry("start-writers", SCALE_UP));

    /** The guide's phases in its order, without its total. */
    public static final List<Phase> BREAKDOWN =
            List.of(
                    new Phase(SCALE_DOWN, "1-2 minutes"),
                    new Phase(BACKUP, "2-5 minutes"),
                    new Phase(RESTORATION, "3-10 minutes"),
                    new Phase(VALIDATION, "30 seconds"),
                    new Phase(SCALE_UP, "1-2 minutes"));

    /** The guide's last row. */
    public static final String TOTAL = "7-20 minutes";

    private static final long GB = 1_000_000_000L;

    public static final List<Row> SIZES =
            List.of(
                    new Row("< 1GB", GB, "1-2 minutes", "2-3 minutes", "5-8 minutes"),
                    new Row("1-5GB", 5 * GB, "2-3 minutes", "3-5 minutes", "7-12 minutes"),
                    new Row("5-20GB", 20 * GB, "3-5 minutes", "5-10 minutes", "10-18 minutes"),
                    new Row("> 20GB", Long.MAX_VALUE, "5+ minutes", "10+ minutes", "18+ minutes"));

    /** The row of "Database Size Impact" for a database of this size. */
    public static Row forSize(long bytes) {
        return SIZES.stream().filter(row -> bytes < row.below()).findFirst().orElseThrow();
    }

    /**
     * The phase that a step of the downtime belongs to; a step that the guide has no word for is
     * one of the proofs.
     */
    public static String phaseOf(String step) {
        return PHASE_OF.getOrDefault(step, VALIDATION);
    }
}
