package dev.switchback.copy;

import dev.switchback.pg.Sql;
import dev.switchback.pg.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Progress rows in the target, written in the transactions that they are about. */
final class CopyNotes {
    /** Rows and bytes sent of one table. */
    record Tally(long rows, long bytes) {}

    /** Where an earlier run cut a table, and whether the part has arrived. */
    record NotedPart(TableId table, CopyUnit.Part part, long filenode, boolean arrived) {}

    private final int attempt;

    CopyNotes(int attempt) {
        this.attempt = attempt;
    }

    /** Complete tables; an unlogged one counts only while the server has not been restarted. */
    Map<TableId, Tally> copied(Connection target) throws SQLException {
        Map<TableId, Tally> copied = new HashMap<>();
        Sql.list(
                target,
                "SELECT schema_name, table_name, rows, bytes FROM switchback.copied WHERE attempt = ?"
                        + " AND (server_start IS NULL OR server_start = pg_postmaster_start_time())",
                row ->
                        copied.put(
                                new TableId(row.getString(1), row.getString(2)),
                                new Tally(row.getLong(3), row.getLong(4))),
                attempt);
        return copied;
    }

    /**
     * Forgets unlogged tables, whole or in parts, that a restart of the server may have emptied.
     */
    void forgetEmptied(Connection target) throws SQLException {
        Sql.list(
                target,
                """
                WITH gone AS (
                  DELETE FROM switchback.copied
                   WHERE attempt = ? AND server_start IS NOT NULL AND server_start <> pg_postmaster_start_time()
                  RETURNING schema_name, table_name, attempt)
                DELETE FROM switchback.copied_part p USING gone g
                 WHERE p.schema_name = g.schema_name AND p.table_name = g.table_name AND p.attempt = g.attempt
                RETURNING p.table_name
                """,
                row -> row.getString(1),
                attempt);
    }

    List<NotedPart> parts(Connection target) throws SQLException {
        return Sql.list(
                target,
                "SELECT schema_name, table_name, first_page, end_page, filenode::bigint, rows IS NOT NULL"
                        + " FROM switchback.copied_part WHERE attempt = ? ORDER BY 1, 2, 3",
                row ->
                        new NotedPart(
                                new TableId(row.getString(1), row.getString(2)),
                                new CopyUnit.Part(
                                        row.getLong(3),
                                        row.getString(4) == null ? null : row.getLong(4)),
                                row.getLong(5),
                                row.getBoolean(6)),
                attempt);
    }

    /** Replaces what is known about a table's parts; in the transaction that empties it. */
    void cut(Connection target, SourceTable table, List<CopyUnit.Part> parts) throws SQLException {
        Sql.list(
                target,
                "DELETE FROM switchback.copied_part WHERE schema_name = ? AND table_name = ? AND attempt = ? RETURNING 1",
                row -> row.getString(1),
                table.id().schema(),
                table.id().name(),
                attempt);
        for (CopyUnit.Part part : parts) {
            @Nullable Long end = part.endPage();
            Sql.list(
                    target,
                    "INSERT INTO switchback.copied_part (schema_name, table_name, attempt, first_page, end_page, filenode)"
                            + " VALUES (?, ?, ?, ?, "
                            + (end == null ? "NULL" : end.toString())
                            + ", CAST(? AS oid)) RETURNING 1",
                    row -> row.getString(1),
                    table.id().schema(),
                    table.id().name(),
                    attempt,
                    part.firstPage(),
                    table.filenode());
        }
    }

    /**
     * @return false when a session that we had given up has committed them before
     */
    boolean note(Connection target, List<SourceTable> tables, List<Tally> tallies)
            throws SQLException {
        int noted =
                Sql.list(
                                target,
                                Sql.resource(CopyNotes.class, "note-copied.sql"),
                                row -> row.getString(1),
                                attempt,
                                target.createArrayOf(
                                        "text",
                                        tables.stream().map(t -> t.id().schema()).toArray()),
                                target.createArrayOf(
                                        "text", tables.stream().map(t -> t.id().name()).toArray()),
                                target.createArrayOf(
                                        "int8", tallies.stream().map(Tally::rows).toArray()),
                                target.createArrayOf(
                                        "int8", tallies.stream().map(Tally::bytes).toArray()),
                                target.createArrayOf(
                                        "bool",
                                        tables.stream().map(SourceTable::unlogged).toArray()))
                        .size();
        return noted == tables.size();
    }

    /**
     * @return false when a session that we had given up has committed it before
     */
    boolean notePart(Connection target, SourceTable table, CopyUnit.Part part, Tally tally)
            throws SQLException {
        return Sql.list(
                                target,
                                "UPDATE switchback.copied_part SET rows = ?, bytes = ? WHERE schema_name = ?"
                                        + " AND table_name = ? AND attempt = ? AND first_page = ? AND rows IS NULL RETURNING 1",
                                row -> row.getString(1),
                                tally.rows(),
                                tally.bytes(),
                                table.id().schema(),
                                table.id().name(),
                                attempt,
                                part.firstPage())
                        .size()
                == 1;
    }

    /** The table's rows when all of its parts have arrived and join; null otherwise. */
    @Nullable String finish(Connection target, SourceTable table) throws SQLException {
        return Sql.first(
                target,
                Sql.resource(CopyNotes.class, "finish-parts.sql"),
                table.unlogged(),
                table.id().schema(),
                table.id().name(),
                attempt);
    }
}
