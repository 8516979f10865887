package dev.switchback.zalando;

import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.Lsn;
import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The timelines that a primary descends from: what {@code pg_wal/<timeline>.history} of its current
 * timeline says.
 *
 * @param current the timeline it writes now
 * @param ancestors oldest first
 */
public record TimelineHistory(long current, List<Switch> ancestors) {
    /** A history holds a line for each failover there ever was; a MiB is ten thousand of them. */
    private static final String READ =
            "SELECT pg_read_file('pg_wal/' || ? || '.history', 0, 1048576, true)";

    /**
     * The checkpoint in the control file lags behind a promotion, the name of the WAL file does
     * not.
     */
    private static final String CURRENT =
            "SELECT CASE WHEN pg_is_in_recovery() THEN NULL ELSE pg_walfile_name(pg_current_wal_lsn()) END";

    /**
     * Where a timeline was left.
     *
     * @param at the first byte of WAL that is not of this timeline any more
     */
    public record Switch(long timeline, Lsn at) {}

    /**
     * Of a primary.
     *
     * @throws SwitchbackException TIMELINE_UNREADABLE when it is no primary, or its history is
     *     missing or not understood
     */
    public static TimelineHistory read(Connection primary) throws SQLException {
        long current = currentTimeline(primary);
        if (current == 1) {
            return new TimelineHistory(1, List.of()); // the first has no file
        }
        String name = String.format(Locale.ROOT, "%08X", current);
        String text = Sql.first(primary, READ, name);
        if (text == null) {
            throw unreadable("pg_wal/" + name + ".history is missing");
        }
        return parse(current, text);
    }

    /**
     * Where the primary's history left a timeline; empty when it still writes it.
     *
     * @throws SwitchbackException TIMELINE_UNREADABLE as {@link #read}, and when the timeline is
     *     not among its ancestors
     */
    public static Optional<Lsn> switchPoint(Connection primary, long fromTimeline)
            throws SQLException {
        TimelineHistory history = read(primary);
        if (history.current == fromTimeline) {
            return Optional.empty();
        }
        return Optional.of(
                history.left(fromTimeline)
                        .orElseThrow(() ->
                                unreadable(
                                        "timeline "
                                                + fromTimeline
                                                + " is no ancestor of timeline "
                                                + history.current)));
    }

    /** The timeline a primary writes now. */
    public static long currentTimeline(Connection primary) throws SQLException {
        String file = Sql.first(primary, CURRENT);
        if (file == null) {
            throw unreadable("the server is in recovery: it has no timeline of its own");
        }
        return timelineOf(file);
    }

    /** The first eight hexadecimal digits of a WAL file's name. */
    static long timelineOf(String walFile) {
        return Long.parseLong(walFile.substring(0, 8), 16);
    }

    /**
     * @param text lines {@code <timeline> <tab> <switch point> <tab> <reason>}, blank lines and
     *     comments between them
     * @throws SwitchbackException TIMELINE_UNREADABLE
     */
    static TimelineHistory parse(long current, String text) {
        List<Switch> switches = new ArrayList<>();
        for (String line : text.lines().map(String::strip).toList()) {
            if (!line.isEmpty() && !line.startsWith("#")) {
                switches.add(parseLine(line));
            }
        }
        if (switches.isEmpty()) {
            throw unreadable("the history of timeline " + current + " is empty");
        }
        return new TimelineHistory(current, List.copyOf(switches));
    }

    private static Switch parseLine(String line) {
        String[] words = line.split("\\s+", 3);
        try {
            return new Switch(
                    Long.parseLong(words[0]), Lsn.parse(words.length > 1 ? words[1] : ""));
        } catch (IllegalArgumentException e) {
            throw unreadable("not a line of a timeline history: " + line);
        }
    }

    /** Where this timeline was left; empty when it is the current one or no ancestor. */
    public Optional<Lsn> left(long timeline) {
        return ancestors.stream().filter(s -> s.timeline() == timeline).map(Switch::at).findFirst();
    }

    private static SwitchbackException unreadable(String what) {
        return new SwitchbackException(
                Code.TIMELINE_UNREADABLE,
                "the source's timeline",
                what,
                "look at pg_wal/*.history of the leader, and seed again when in doubt");
    }
}
