package dev.switchback.copy;

import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Sql;
import dev.switchback.pg.TableId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Sequence positions, read from the sequences themselves: {@code pg_sequences} shows NULL for one
 * that was never called, and for one it may not read.
 */
public final class Sequences {
    private static final int PER_QUERY = 200;

    private Sequences() {}

    /** All sequences of the user's, in the order of their names. */
    public static List<SequenceState> read(Connection connection, Exclusions exclusions)
            throws SQLException {
        List<TableId> ids =
                Sql.list(
                        connection,
                        Sql.resource(Sequences.class, "user-sequences.sql"),
                        row -> new TableId(row.getString(1), row.getString(2)),
                        exclusions.schemaArray(connection));
        List<SequenceState> states = new ArrayList<>();
        for (int from = 0; from < ids.size(); from += PER_QUERY) {
            List<TableId> some = ids.subList(from, Math.min(ids.size(), from + PER_QUERY));
            String query =
                    some.stream()
                            .map(Sequences::position)
                            .collect(Collectors.joining(" UNION ALL "));
            states.addAll(
                    Sql.list(
                            connection,
                            query,
                            row ->
                                    new SequenceState(
                                            new TableId(row.getString(1), row.getString(2)),
                                            row.getLong(3),
                                            row.getBoolean(4))));
        }
        return List.copyOf(states);
    }

    private static String position(TableId id) {
        return "SELECT "
                + Sql.literal(id.schema())
                + ", "
                + Sql.literal(id.name())
                + ", last_value, is_called FROM "
                + id.sql();
    }

    /**
     * Sets the target's sequences and reads them back, in one transaction.
     *
     * @throws SwitchbackException COPY_FAILED when one reads back differently
     */
    public static void apply(Connection target, Exclusions exclusions, List<SequenceState> states)
            throws SQLException {
        // a fenced side is read-only by default
        Sql.run(target, "SET default_transaction_read_only = off");
        boolean automatic = target.getAutoCommit();
        target.setAutoCommit(false);
        try {
            try (PreparedStatement set =
                    target.prepareStatement("SELECT setval(CAST(? AS regclass), ?, ?)")) {
                for (SequenceState state : states) {
                    set.setString(1, state.id().sql());
                    set.setLong(2, state.lastValue());
                    set.setBoolean(3, state.isCalled());
                    set.execute();
                }
            }
            List<String> differences = differences(states, read(target, exclusions));
            if (!differences.isEmpty()) {
                throw new SwitchbackException(
                        Code.COPY_FAILED,
                        "sequences",
                        String.join("; ", differences),
                        "compare the schemas of source and target, then run again");
            }
            target.commit();
        } catch (SQLException | SwitchbackException e) {
            target.rollback();
            throw e;
        } finally {
            target.setAutoCommit(automatic);
        }
    }

    /** One sentence for each sequence that is not where it is on the other side. */
    public static List<String> differences(List<SequenceState> source, List<SequenceState> target) {
        Map<TableId, SequenceState> there =
                target.stream().collect(Collectors.toMap(SequenceState::id, state -> state));
        List<String> differences = new ArrayList<>();
        for (SequenceState state : source) {
            SequenceState other = there.remove(state.id());
            if (other == null) {
                differences.add(state.id() + " is missing on the target");
            } else if (!other.equals(state)) {
                differences.add(
                        state.id()
                                + " is at "
                                + words(state)
                                + ", on the target at "
                                + words(other));
            }
        }
        there.keySet().stream()
                .sorted()
                .forEach(id -> differences.add(id + " is missing on the source"));
        return differences;
    }

    private static String words(SequenceState state) {
        return state.lastValue() + (state.isCalled() ? "" : " (not called)");
    }
}
