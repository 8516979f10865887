package dev.switchback.copy;

import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.pg.UserTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOperation;
import org.postgresql.copy.CopyOut;

/**
 * Copies one unit from a reading to a writing session, in one transaction of the writer, with the
 * note that it arrived.
 */
final class UnitCopier {
    private static final int BUFFER_BYTES = 128 * 1024;
    private static final long PROGRESS_NANOS = 1_000_000_000L;

    /** How one table travels. */
    record Way(boolean text, boolean truncate, boolean freeze) {}

    private final Connection reader;
    private final Connection writer;
    private final Loading loading;
    private final byte[] buffer = new byte[BUFFER_BYTES];

    UnitCopier(Connection reader, Connection writer, Loading loading) {
        this.reader = reader;
        this.writer = writer;
        this.loading = loading;
    }

    /** Rows and bytes of each table; they are committed, by us or by a session given up before. */
    List<CopyNotes.Tally> copy(CopyUnit unit) {
        List<CopyNotes.Tally> tallies = new ArrayList<>();
        for (SourceTable table : unit.tables()) {
            tallies.add(copy(table, unit.part()));
        }
        SourceTable first = unit.tables().getFirst();
        try {
            CopyUnit.@Nullable Part part = unit.part();
            boolean ours =
                    part == null
                            ? loading.notes().note(writer, unit.tables(), tallies)
                            : loading.notes().notePart(writer, first, part, tallies.getFirst());
            if (ours) {
                writer.commit();
            } else {
                writer.rollback();
            }
        } catch (SQLException e) {
            throw writing(first, e);
        }
        return tallies;
    }

    private CopyNotes.Tally copy(SourceTable table, CopyUnit.@Nullable Part part) {
        Way way = loading.way(table, part);
        if (way.truncate()) {
            try {
                Sql.run(writer, "TRUNCATE ONLY " + table.id().sql());
            } catch (SQLException e) {
                throw writing(table, e);
            }
        }
        if (table.heapBytes() == 0 && part == null) {
            return new CopyNotes.Tally(0, 0); // no page, no row
        }
        String format = way.text() ? "text, ENCODING " + Sql.literal(loading.encoding()) : "binary";
        String columns = table.columns().isEmpty() ? "" : UserTable.columnList(table.columns());
        String relation = table.id().sql() + (columns.isEmpty() ? "" : " (" + columns + ")");
        String from =
                part == null
                        ? relation
                        : "(SELECT "
                                + columns
                                + " FROM ONLY "
                                + table.id().sql()
                                + " WHERE "
                                + part.condition()
                                + ")";
        CopyIn in = begin(table, relation, format + (way.freeze() ? ", FREEZE" : ""));
        try {
            CopyOut out = open(table, "COPY " + from + " TO STDOUT WITH (FORMAT " + format + ")");
            try {
                return stream(table, part, out, in);
            } finally {
                // an abandoned COPY TO would block its session's next statement for ever
                abandon(out);
            }
        } finally {
            abandon(in);
        }
    }

    private CopyIn begin(SourceTable table, String relation, String options) {
        try {
            return writer.unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY " + relation + " FROM STDIN WITH (FORMAT " + options + ")");
        } catch (SQLException e) {
            throw writing(table, e);
        }
    }

    private CopyOut open(SourceTable table, String command) {
        try {
            return reader.unwrap(PGConnection.class).getCopyAPI().copyOut(command);
        } catch (SQLException e) {
            throw reading(table, e);
        }
    }

    private CopyNotes.Tally stream(
            SourceTable table, CopyUnit.@Nullable Part part, CopyOut out, CopyIn in) {
        int filled = 0;
        long messages = 0;
        long bytes = 0;
        long told = System.nanoTime();
        for (byte[] row = read(table, out); row != null; row = read(table, out)) {
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
            if ((++messages & 1023) == 0 && System.nanoTime() - told > PROGRESS_NANOS) {
                told = System.nanoTime();
                loading.tell(table, part, new CopyNotes.Tally(messages, bytes));
            }
        }
        write(table, in, buffer, filled);
        try {
            long stored = in.endCopy();
            long sent = out.getHandledRowCount();
            if (stored != sent) {
                throw TableCopy.failed(
                        table.id().toString(),
                        "the source sent " + sent + " rows, the target stored " + stored,
                        new SQLException("row counts differ"));
            }
            return new CopyNotes.Tally(stored, bytes);
        } catch (SQLException e) {
            throw writing(table, e);
        }
    }

    private static byte @Nullable [] read(SourceTable table, CopyOut out) {
        try {
            return out.readFromCopy();
        } catch (SQLException e) {
            throw reading(table, e);
        }
    }

    private static void write(SourceTable table, CopyIn in, byte[] bytes, int length) {
        try {
            if (length > 0) {
                in.writeToCopy(bytes, 0, length);
            }
        } catch (SQLException e) {
            throw writing(table, e);
        }
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

    private static SwitchbackException reading(SourceTable table, SQLException e) {
        return TableCopy.failed(
                table.id().toString(), "reading from the source: " + Pg.words(e), e);
    }

    static SwitchbackException writing(SourceTable table, SQLException e) {
        return TableCopy.failed(table.id().toString(), "writing to the target: " + Pg.words(e), e);
    }
}
