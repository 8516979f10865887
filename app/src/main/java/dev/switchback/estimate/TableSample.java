package dev.switchback.estimate;

import dev.switchback.pg.Sql;
import dev.switchback.pg.UserTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;

/**
 * Some rows of one table, carried to the target and worked on there.
 *
 * @param diskBytes what the sample takes on the target's disk
 * @param copyRate disk bytes a second from the source into the target
 * @param indexRate index bytes a second; empty when the table has no key to index
 * @param hashRate disk bytes a second hashed row by row
 */
record TableSample(
        String table, long diskBytes, double copyRate, OptionalDouble indexRate, double hashRate) {
    private static final String NAME = "switchback_sample";
    private static final String SCRATCH = "pg_temp." + NAME;
    private static final String INDEX = NAME + "_key";

    /**
     * @param reader in a transaction on the source
     * @param scratch in a transaction on the target, which the caller rolls back
     */
    static TableSample take(Connection reader, Connection scratch, UserTable table)
            throws SQLException {
        Sql.run(
                scratch,
                "CREATE TEMPORARY TABLE "
                        + NAME
                        + " ("
                        + String.join(", ", columns(reader, table))
                        + ") ON COMMIT DROP");
        Flow flow = carry(reader, scratch, table);
        long disk = bytes(scratch, "pg_table_size", SCRATCH);
        long start = System.nanoTime();
        Sql.one(
                scratch,
                "SELECT concat_ws(' ', sum(hashtextextended(r, 0)::numeric),"
                        + " sum(hashtextextended(r, 1)::numeric)) FROM (SELECT t::text COLLATE \"C\" AS r FROM "
                        + SCRATCH
                        + " t OFFSET 0) rows");
        double hash = since(start);
        return new TableSample(
                table.id().toString(),
                disk,
                flow.rate() * disk / Math.max(1, flow.text()),
                indexRate(scratch, table),
                disk / hash);
    }

    /** Types of every server stay; what the target may not know yet becomes text. */
    private static List<String> columns(Connection reader, UserTable table) throws SQLException {
        return Sql.list(
                reader,
                """
                SELECT a.attname,
                       CASE WHEN a.atttypid < 10000 AND t.typtype = 'b' AND t.typname !~ '^_?reg'
                            THEN format_type(a.atttypid, a.atttypmod) ELSE 'text' END
                  FROM pg_attribute a
                  JOIN pg_type t ON t.oid = a.atttypid
                 WHERE a.attrelid = to_regclass(?) AND a.attnum > 0 AND NOT a.attisdropped
                   AND a.attgenerated = ''
                 ORDER BY a.attnum
                """,
                row -> Sql.identifier(row.getString(1)) + " " + row.getString(2),
                table.id().sql());
    }

    private static Flow carry(Connection reader, Connection scratch, UserTable table)
            throws SQLException {
        String columns = " (" + UserTable.columnList(table.stored()) + ")";
        return Flow.run(
                reader.unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyOut("COPY " + table.id().sql() + columns + " TO STDOUT"),
                scratch.unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyIn("COPY " + SCRATCH + columns + " FROM STDIN"));
    }

    private static OptionalDouble indexRate(Connection scratch, UserTable table)
            throws SQLException {
        if (table.key().isEmpty() || !table.stored().containsAll(table.key())) {
            return OptionalDouble.empty();
        }
        long start = System.nanoTime();
        Sql.run(
                scratch,
                "CREATE INDEX "
                        + INDEX
                        + " ON "
                        + SCRATCH
                        + " ("
                        + table.key().stream()
                                .map(Sql::identifier)
                                .collect(Collectors.joining(", "))
                        + ")");
        double seconds = since(start);
        return OptionalDouble.of(
                bytes(scratch, "pg_relation_size", "pg_temp." + INDEX) / Math.max(seconds, 1e-4));
    }

    private static long bytes(Connection scratch, String function, String relation)
            throws SQLException {
        return Long.parseLong(Sql.one(scratch, "SELECT " + function + "('" + relation + "')"));
    }

    private static double since(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
