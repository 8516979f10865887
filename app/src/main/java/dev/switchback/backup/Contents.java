package dev.switchback.backup;

import dev.switchback.pg.Pg;
import dev.switchback.pg.PinnedSnapshot;
import dev.switchback.pg.Sql;
import dev.switchback.pg.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a dump of one snapshot must hold, by the catalog of that snapshot.
 *
 * @param largeObjects how many there are
 * @param keyRows rows of each table to be restored for the proof
 */
record Contents(
        List<Contents.Entry> entries, long largeObjects, Map<Contents.Entry, Long> keyRows) {

    /**
     * @param kind the word of the archive's table of contents; {@code ROOT} is a partitioned table,
     *     which holds no rows itself
     */
    record Entry(String kind, long oid, TableId id) {}

    /** Reads the catalog and counts the key tables, all in the snapshot. */
    static Contents read(PinnedSnapshot snapshot, List<String> keyTables) throws SQLException {
        try (Connection session = Pg.open(snapshot.spec(), Duration.ZERO)) {
            snapshot.join(session);
            List<Entry> entries =
                    Sql.list(
                            session,
                            Sql.resource(Contents.class, "contents.sql"),
                            row ->
                                    new Entry(
                                            row.getString(1),
                                            row.getLong(2),
                                            new TableId(row.getString(3), row.getString(4))));
            long largeObjects =
                    Long.parseLong(
                            Sql.one(session, "SELECT count(*) FROM pg_largeobject_metadata"));
            Map<Entry, Long> rows = new TreeMap<>(BY_NAME);
            for (String name : keyTables) {
                for (Entry leaf : leaves(session, name)) {
                    rows.put(
                            leaf,
                            Long.valueOf(
                                    Sql.one(
                                            session,
                                            "SELECT count(*) FROM ONLY " + leaf.id().sql())));
                }
            }
            return new Contents(entries, largeObjects, rows);
        }
    }

    private static final Comparator<Entry> BY_NAME = Comparator.comparing(Entry::id);

    /** The tables that hold the rows of a key table; none when there is no such table. */
    static List<Entry> leaves(Connection session, String name) throws SQLException {
        int dot = name.indexOf('.');
        @Nullable String schema = dot < 0 ? null : name.substring(0, dot);
        List<Entry> leaves = new ArrayList<>();
        try (var statement =
                session.prepareStatement(Sql.resource(Contents.class, "key-table.sql"))) {
            statement.setString(1, name.substring(dot + 1));
            statement.setString(2, schema);
            statement.setString(3, schema);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    leaves.add(
                            new Entry(
                                    "TABLE",
                                    rows.getLong(1),
                                    new TableId(rows.getString(2), rows.getString(3))));
                }
            }
        }
        return leaves;
    }
}
