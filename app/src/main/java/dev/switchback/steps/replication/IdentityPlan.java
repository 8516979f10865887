package dev.switchback.steps.replication;

import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Sql;
import dev.switchback.pg.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * By what each table's rows are to be told apart once they are replicated. A published table
 * without such an identity refuses the application's own UPDATE and DELETE; one with an identity
 * that the other side cannot look up stops the link at the first of them.
 *
 * <p>In this order:
 *
 * <ol>
 *   <li>The primary key, where it is immediate and was only switched off.
 *   <li>A unique index over columns that are all NOT NULL: valid, immediate, not partial, without
 *       expressions. Of several the one with the fewest columns, then the smallest.
 *   <li>FULL, the whole row: every update or delete then reads the other side's table from its
 *       start. Impossible when a column's type has no equality that the apply worker can use, as
 *       json, xml and point.
 * </ol>
 *
 * Source of the rules: PostgreSQL's {@code RelationGetIndexList} (which index counts), {@code
 * tuples_equal} (what FULL compares) and {@code logicalrep_rel_mark_updatable} (generated columns
 * are not sent, so that a key over one finds nothing).
 */
public final class IdentityPlan {
    private IdentityPlan() {}

    /**
     * One table whose identity must change before it is published.
     *
     * @param current {@code pg_class.relreplident} as found: {@code d}efault, {@code n}othing,
     *     {@code f}ull, {@code i}ndex
     * @param sql the statement that gives it one; empty when impossible. Takes an ACCESS EXCLUSIVE
     *     lock for an instant: run it with a lock timeout
     * @param undoSql the statement that puts {@code current} back
     * @param impossible why no statement helps, in words
     * @param updatesAndDeletes rows updated and deleted since the counters began
     * @param rows about how many the table holds; 0 when it was never analyzed
     */
    public record Identity(
            TableId table,
            char current,
            String sql,
            String undoSql,
            Optional<String> impossible,
            long updatesAndDeletes,
            long rows) {
        /**
         * What {@code sql} makes it: {@code FULL}, {@code USING INDEX "x"}; empty when impossible.
         */
        public String wanted() {
            int at = sql.lastIndexOf(WORDS);
            return at < 0 ? "" : sql.substring(at + WORDS.length()).strip();
        }

        /** Whether {@code sql} makes the whole row the identity. */
        public boolean full() {
            return wanted().equals(FULL.strip());
        }
    }

    private static final String FULL = " FULL";
    private static final String WORDS = " REPLICA IDENTITY";

    /**
     * One table as the catalogs show it.
     *
     * @param ownIndex the index that is its identity, where that counts
     * @param primary whether its primary key can be looked up by
     * @param own whether {@code ownIndex} can be
     * @param generatedKey whether its primary key has a generated column
     * @param candidate the index that could be its identity
     * @param incomparable its first column that FULL cannot compare, with its type
     */
    record Found(
            TableId table,
            char current,
            @Nullable String ownIndex,
            boolean primary,
            boolean own,
            boolean generatedKey,
            @Nullable String candidate,
            @Nullable String incomparable,
            long updatesAndDeletes,
            long rows) {

        boolean works() {
            return switch (current) {
                case 'd' -> primary;
                case 'i' -> own;
                // with a primary key the other side looks up by that, and compares nothing else
                case 'f' -> !generatedKey && (primary || incomparable == null);
                default -> false;
            };
        }

        Identity identity() {
            String wanted = wanted();
            return new Identity(
                    table,
                    current,
                    wanted == null ? "" : alter(wanted),
                    alter(before()),
                    wanted == null ? Optional.of(why()) : Optional.empty(),
                    updatesAndDeletes,
                    rows);
        }

        private @Nullable String wanted() {
            if (primary) {
                return " DEFAULT";
            }
            if (candidate != null) {
                return " USING INDEX " + Sql.identifier(candidate);
            }
            return generatedKey || incomparable != null ? null : FULL;
        }

        private String why() {
            return generatedKey
                    ? "its primary key has a generated column, which is not sent"
                    : "it has no unique index over NOT NULL columns to go by, and its column "
                            + incomparable
                            + " has no equality by which whole rows could be compared";
        }

        /** An index that was dropped since counts as NOTHING to the server, too. */
        private String before() {
            return switch (current) {
                case 'd' -> " DEFAULT";
                case 'f' -> FULL;
                case 'i' ->
                        ownIndex == null ? " NOTHING" : " USING INDEX " + Sql.identifier(ownIndex);
                default -> " NOTHING";
            };
        }

        private String alter(String identity) {
            return "ALTER TABLE ONLY " + table.sql() + WORDS + identity;
        }
    }

    /**
     * The tables of the session's database that need another identity than they have, by name;
     * those that work are not listed. Leaves of partitioned tables count, their roots hold no rows.
     * Nothing excluded, nothing of ours, no extension's tables, no unlogged ones: they are not
     * published.
     */
    public static List<Identity> of(Connection connection, Exclusions exclusions)
            throws SQLException {
        return Sql.list(
                        connection,
                        Sql.resource(IdentityPlan.class, "identities.sql"),
                        row ->
                                new Found(
                                        new TableId(row.getString(1), row.getString(2)),
                                        row.getString(3).charAt(0),
                                        row.getString(4),
                                        row.getBoolean(5),
                                        row.getBoolean(6),
                                        row.getBoolean(7),
                                        row.getString(8),
                                        row.getString(9),
                                        row.getLong(10),
                                        row.getLong(11)),
                        exclusions.schemaArray(connection))
                .stream()
                .filter(found -> !found.works())
                .map(Found::identity)
                .toList();
    }
}
