package dev.switchback.copy;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.DataSession;
import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Pg;
import dev.switchback.pg.PinnedSnapshot;
import dev.switchback.pg.Sql;
import dev.switchback.pg.Stopper;
import dev.switchback.pg.TableId;
import dev.switchback.pg.UserTable;
import dev.switchback.pg.Workers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Copies the rows of all user tables of a database into tables that a restore of pre-data made.
 *
 * <ol>
 *   <li>Source and target must have one encoding: bytes travel as they are.
 *   <li>The tables are listed under one exported snapshot, largest first; those that this attempt
 *       already copied are left out.
 *   <li>Workers take them from a queue. Each reads under the snapshot and writes in one transaction
 *       per table: TRUNCATE, COPY with FREEZE, a row in {@code switchback.copied}.
 *   <li>The first failure cancels and cuts all other workers; what they had not committed is gone.
 * </ol>
 *
 * Invariants: a table is either copied completely and noted, or as before; every table of one run
 * shows the same state of the source; nothing is written to the source. A run that resumes has a
 * new snapshot, so the source must have been unwritable since the attempt began – otherwise begin a
 * new attempt.
 *
 * <p>Splitting big tables by ctid and binary COPY belong here and are not built yet.
 */
public final class TableCopy {

    /**
     * What arrived in this attempt so far, earlier runs included.
     *
     * @param tables tables noted as copied
     * @param resumed how many of them an earlier run had copied
     * @param rows their rows
     * @param bytes their bytes of COPY text
     */
    public record Report(int tables, int resumed, long rows, long bytes) {}

    private final ConnectionSpec source;
    private final ConnectionSpec target;
    private final Exclusions exclusions;
    private final int attempt;
    private final int jobs;

    /**
     * @param source login of a role that may read every table, bypassing row security
     * @param target superuser's login to the prepared database (schema {@code switchback})
     * @param attempt the migration's attempt
     * @param jobs tables copied at the same time
     */
    public TableCopy(
            ConnectionSpec source,
            ConnectionSpec target,
            Exclusions exclusions,
            int attempt,
            int jobs) {
        this.source = source;
        this.target = target;
        this.exclusions = exclusions;
        this.attempt = attempt;
        this.jobs = jobs;
    }

    /** Copies under a snapshot of its own. */
    public Report run(Consumer<TableProgress> progress, Stopper stopper)
            throws InterruptedException {
        try (PinnedSnapshot snapshot = PinnedSnapshot.open(source)) {
            return run(snapshot, progress, stopper);
        }
    }

    /**
     * Copies what {@code snapshot} shows.
     *
     * @param progress heard from several threads, about once a second per table; must be quick
     * @throws SwitchbackException COPY_FAILED with the table, the side and the server's words;
     *     DATABASE_SETTINGS when the encodings differ
     * @throws InterruptedException when stopped; complete tables stay copied
     */
    public Report run(PinnedSnapshot snapshot, Consumer<TableProgress> progress, Stopper stopper)
            throws InterruptedException {
        try (Connection reader = DataSession.reader(source);
                Connection writer = DataSession.writer(target)) {
            String encoding = oneEncoding(reader, writer);
            snapshot.join(reader);
            List<UserTable> tables = UserTable.tables(reader, exclusions);
            Set<TableId> copied = copied(writer);
            List<UserTable> left = tables.stream().filter(t -> !copied.contains(t.id())).toList();
            Workers.run(
                    "copy",
                    left,
                    jobs,
                    stopper,
                    sessions ->
                            new TableCopier(
                                    source, target, snapshot, sessions, encoding, attempt,
                                    progress));
            return report(writer, tables.size() - left.size());
        } catch (SQLException e) {
            throw failed(target.display(), "copying: " + Pg.words(e), e);
        }
    }

    private String oneEncoding(Connection reader, Connection writer) throws SQLException {
        String there = DataSession.encoding(reader);
        String here = DataSession.encoding(writer);
        if (!there.equals(here)) {
            throw new SwitchbackException(
                    Code.DATABASE_SETTINGS,
                    target.display(),
                    "the source's encoding is " + there + ", the target's is " + here,
                    "create the target database with ENCODING '" + there + "'");
        }
        return there;
    }

    private Set<TableId> copied(Connection writer) throws SQLException {
        return new HashSet<>(
                Sql.list(
                        writer,
                        "SELECT schema_name, table_name FROM switchback.copied WHERE attempt = ?",
                        row -> new TableId(row.getString(1), row.getString(2)),
                        attempt));
    }

    private Report report(Connection writer, int resumed) throws SQLException {
        return Sql.list(
                        writer,
                        "SELECT count(*), coalesce(sum(rows), 0), coalesce(sum(bytes), 0)"
                                + " FROM switchback.copied WHERE attempt = ?",
                        row -> new Report(row.getInt(1), resumed, row.getLong(2), row.getLong(3)),
                        attempt)
                .getFirst();
    }

    static SwitchbackException failed(String object, String what, SQLException e) {
        return new SwitchbackException(
                new Problem(
                        Code.COPY_FAILED,
                        object,
                        what,
                        "mend what the server says, then run again: complete tables are kept"),
                e);
    }
}
