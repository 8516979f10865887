package dev.switchback.copy;

import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.DataSession;
import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.pg.Stopper;
import dev.switchback.pg.TableId;
import dev.switchback.pg.UserTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOut;

/**
 * Rows that no log knows: unlogged tables are copied as a whole while nobody writes, all in one
 * transaction of the writing side, so that they may refer to one another.
 */
public final class UnloggedTables {
    private UnloggedTables() {}

    /**
     * @param rows copied
     * @param bytes sent, as text
     */
    public record Copied(int tables, long rows, long bytes) {}

    /** Unlogged tables of the user's, leaves included. */
    public static List<SourceTable> of(Connection connection, Exclusions exclusions)
            throws SQLException {
        return SourceTable.read(connection, exclusions).stream()
                .filter(SourceTable::unlogged)
                .toList();
    }

    /** Replaces the rows of every unlogged table on the one side by the other's. */
    public static Copied copy(
            ConnectionSpec from, ConnectionSpec to, Exclusions exclusions, Stopper stopper)
            throws InterruptedException {
        try (Connection reader = DataSession.reader(from);
                Connection writer = DataSession.writer(to)) {
            List<SourceTable> tables = of(reader, exclusions);
            if (tables.isEmpty()) {
                return new Copied(0, 0, 0);
            }
            writer.setAutoCommit(false);
            Sql.run(
                    writer,
                    "TRUNCATE "
                            + tables.stream()
                                    .map(t -> "ONLY " + t.id().sql())
                                    .collect(Collectors.joining(", ")));
            long rows = 0;
            long bytes = 0;
            for (SourceTable table : tables) {
                stopper.checkpoint();
                long[] sent = pipe(table, reader, writer);
                rows += sent[0];
                bytes += sent[1];
            }
            writer.commit();
            return new Copied(tables.size(), rows, bytes);
        } catch (SQLException e) {
            throw TableCopy.failed("unlogged tables", Pg.words(e), e);
        }
    }

    private static long[] pipe(SourceTable table, Connection reader, Connection writer)
            throws SQLException {
        TableId id = table.id();
        String relation =
                table.columns().isEmpty()
                        ? id.sql()
                        : id.sql() + " (" + UserTable.columnList(table.columns()) + ")";
        CopyOut out =
                reader.unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyOut("COPY " + relation + " TO STDOUT");
        CopyIn in =
                writer.unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyIn("COPY " + relation + " FROM STDIN");
        long bytes = 0;
        for (byte[] row = out.readFromCopy(); row != null; row = out.readFromCopy()) {
            in.writeToCopy(row, 0, row.length);
            bytes += row.length;
        }
        long rows = in.endCopy();
        if (rows != out.getHandledRowCount()) {
            throw new SQLException(
                    id + ": " + out.getHandledRowCount() + " rows were sent, " + rows + " stored");
        }
        return new long[] {rows, bytes};
    }
}
