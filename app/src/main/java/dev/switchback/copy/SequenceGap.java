package dev.switchback.copy;

import dev.switchback.pg.Sql;
import dev.switchback.pg.TableId;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Positions a safe distance beyond those of the side that was written last, in each sequence's own
 * direction: what that side may have given out without our seeing it – cached by a session, in a
 * transaction that was rolled back – is never given out again on the other.
 */
public final class SequenceGap {
    private SequenceGap() {}

    private record Bounds(long increment, long cache, long minimum, long maximum) {}

    /**
     * @param states as read from the side that was written
     * @param increments how many increments to skip, at least what a session may cache; 0 leaves
     *     everything exact
     * @return one state a sequence; exact where it was never called, and where the gap would lead
     *     beyond the sequence's end
     */
    public static List<SequenceState> beyond(
            Connection connection, List<SequenceState> states, long increments)
            throws SQLException {
        if (increments == 0) {
            return states;
        }
        Map<TableId, Bounds> bounds = new HashMap<>();
        Sql.list(
                connection,
                """
                SELECT n.nspname, c.relname, s.seqincrement, s.seqcache, s.seqmin, s.seqmax
                  FROM pg_catalog.pg_sequence s
                  JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid
                  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                """,
                row ->
                        bounds.put(
                                new TableId(row.getString(1), row.getString(2)),
                                new Bounds(
                                        row.getLong(3),
                                        row.getLong(4),
                                        row.getLong(5),
                                        row.getLong(6))));
        List<SequenceState> beyond = new ArrayList<>();
        for (SequenceState state : states) {
            Bounds its = bounds.get(state.id());
            beyond.add(its == null ? state : shifted(state, its, increments));
        }
        return List.copyOf(beyond);
    }

    private static SequenceState shifted(SequenceState state, Bounds its, long increments) {
        if (!state.isCalled()) {
            return state;
        }
        // exact arithmetic: the sum may leave what a bigint holds
        BigInteger next =
                BigInteger.valueOf(Math.max(increments, its.cache))
                        .multiply(BigInteger.valueOf(its.increment))
                        .add(BigInteger.valueOf(state.lastValue()));
        boolean inside =
                next.compareTo(BigInteger.valueOf(its.minimum)) >= 0
                        && next.compareTo(BigInteger.valueOf(its.maximum)) <= 0;
        return inside ? new SequenceState(state.id(), next.longValueExact(), true) : state;
    }
}
