package dev.switchback.copy;

import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.DataSession;
import dev.switchback.pg.Pg;
import dev.switchback.pg.PinnedSnapshot;
import dev.switchback.pg.Sessions;
import dev.switchback.pg.Sql;
import dev.switchback.pg.UserTable;
import dev.switchback.pg.Workers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOperation;
import org.postgresql.copy.CopyOut;

/** One worker of {@link TableCopy}: a reading and a writing session, one table at a time. */
final class TableCopier implements Workers.Worker<UserTable> {
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final long PROGRESS_NANOS = 1_000_000_000L;

    private final Connection reader;
    private final Connection writer;
    private final String encoding;
    private final int attempt;
    private final Consumer<TableProgress> progress;

    TableCopier(
            ConnectionSpec source,
            ConnectionSpec target,
            PinnedSnapshot snapshot,
            Sessions sessions,
            String encoding,
            int attempt,
            Consumer<TableProgress> progress)
            throws SQLException {
        this.encoding = encoding;
        this.attempt = attempt;
        this.progress = progress;
        this.reader = sessions.add(DataSession.reader(source));
        try {
            this.writer = sessions.add(DataSession.writer(target));
            try {
                snapshot.join(reader);
                writer.setAutoCommit(false);
            } catch (SQLException e) {
                writer.close();
                throw e;
            }
        } catch (SQLException | RuntimeException e) {
            reader.close();
            throw e;
        }
    }

    @Override
    public void take(UserTable table) throws SQLException {
        String relation =
                table.id().sql()
                        + (table.stored().isEmpty()
                                ? ""
                                : " (" + UserTable.columnList(table.stored()) + ")");
        String options = "(FORMAT text, ENCODING " + Sql.literal(encoding) + ")";
        CopyIn in = begin(table, relation, options);
        try {
            CopyOut out = open(table, "COPY " + relation + " TO STDOUT WITH " + options);
            try {
                Tally tally = stream(table, out, in);
                commit(table, tally);
            } finally {
                // an abandoned COPY TO would block its session's next statement for ever
                abandon(out);
            }
        } finally {
            abandon(in);
        }
    }

    private CopyIn begin(UserTable table, String relation, String options) {
        try {
            Sql.run(writer, "TRUNCATE ONLY " + table.id().sql());
            return writer.unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn(
                            "COPY "
                                    + relation
                                    + " FROM STDIN WITH "
                                    + options.replace(")", ", FREEZE)"));
        } catch (SQLException e) {
            throw writing(table, e);
        }
    }

    private CopyOut open(UserTable table, String command) {
        try {
            return reader.unwrap(PGConnection.class).getCopyAPI().copyOut(command);
        } catch (SQLException e) {
            throw reading(table, e);
        }
    }

    /** Rows and bytes sent. */
    private record Tally(long rows, long bytes) {}

    private Tally stream(UserTable table, CopyOut out, CopyIn in) {
        byte[] buffer = new byte[BUFFER_BYTES];
        int filled = 0;
        long rows = 0;
        long bytes = 0;
        long told = System.nanoTime();
        for (byte[] row = read(table, out); row != null; row = read(table, out)) {
            rows++;
            bytes += row.length;
            if (filled + row.length > buffer.length) {
                write(table, in, buffer, filled);
                filled = 0;
            }
            if (row.length > buffer.length) {
                write(table, in, row, row.length);
            } else {
                System.arraycopy(row, 0, buffer, filled, row.length);
                filled += row.length;
            }
            if ((rows & 1023) == 0 && System.nanoTime() - told > PROGRESS_NANOS) {
                told = System.nanoTime();
                progress.accept(new TableProgress(table.id(), rows, bytes, false));
            }
        }
        write(table, in, buffer, filled);
        try {
            long stored = in.endCopy();
            if (stored != rows) {
                throw TableCopy.failed(
                        table.id().toString(),
                        "the source sent " + rows + " rows, the target stored " + stored,
                        new SQLException("row counts differ"));
            }
        } catch (SQLException e) {
            throw writing(table, e);
        }
        return new Tally(rows, bytes);
    }

    private static byte @Nullable [] read(UserTable table, CopyOut out) {
        try {
            return out.readFromCopy();
        } catch (SQLException e) {
            throw reading(table, e);
        }
    }

    private static void write(UserTable table, CopyIn in, byte[] bytes, int length) {
        try {
            if (length > 0) {
                in.writeToCopy(bytes, 0, length);
            }
        } catch (SQLException e) {
            throw writing(table, e);
        }
    }

    private void commit(UserTable table, Tally tally) {
        try {
            Sql.list(
                    writer,
                    Sql.resource(TableCopier.class, "note-copied.sql"),
                    row -> row.getString(1),
                    table.id().schema(),
                    table.id().name(),
                    attempt,
                    tally.rows(),
                    tally.bytes());
            writer.commit();
        } catch (SQLException e) {
            throw writing(table, e);
        }
        progress.accept(new TableProgress(table.id(), tally.rows(), tally.bytes(), true));
    }

    private static void abandon(CopyOperation copy) {
        if (copy.isActive()) {
            try {
                copy.cancelCopy();
            } catch (SQLException alreadyGone) {
                // the failure that brought us here is the one worth telling
            }
        }
    }

    private static RuntimeException reading(UserTable table, SQLException e) {
        return TableCopy.failed(
                table.id().toString(), "reading from the source: " + Pg.words(e), e);
    }

    private static RuntimeException writing(UserTable table, SQLException e) {
        return TableCopy.failed(table.id().toString(), "writing to the target: " + Pg.words(e), e);
    }

    @Override
    public void close() throws SQLException {
        try (reader;
                writer) {
            // both are closed, the writer first
        }
    }
}
