package dev.switchback.copy;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Crew;
import dev.switchback.pg.Exclusions;
import dev.switchback.pg.PinnedSnapshot;
import dev.switchback.pg.Sql;
import dev.switchback.pg.Stopper;
import dev.switchback.pg.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Copies the rows of all user tables of a database into tables that a restore of pre-data made.
 *
 * <ol>
 *   <li>Source and target must have one encoding: text travels as it is.
 *   <li>The tables are listed under one exported snapshot, largest first; those that this attempt
 *       already copied are left out. Rows too long for our memory are refused by name.
 *   <li>The plan ({@link LoadingPlan}): binary where every type allows it, else text; a table
 *       larger than one worker's share is cut into half-open ranges of pages, the last one open;
 *       tiny ones go in batches.
 *   <li>Workers take units from a queue. Each reads under the snapshot and writes in one
 *       transaction per unit: TRUNCATE where something may be, COPY, with FREEZE where one worker
 *       owns the table, and the note in {@code switchback.copied} or {@code copied_part}.
 *   <li>When the last part of a table has arrived, it is noted only if the parts join.
 *   <li>A connection that breaks costs its unit, which is copied again up to three times. Any other
 *       failure cancels and cuts all workers; what they had not committed is gone.
 *   <li>When the last unit is read, snapshot and readers end.
 * </ol>
 *
 * Invariants: a unit is either copied completely and noted, or as before; rows read equal rows
 * stored, by both servers' own counts; every table of one run shows the same state of the source;
 * nothing is written to the source. A run that resumes has a new snapshot, so the source must have
 * been unwritable since the attempt began – otherwise begin a new attempt.
 */
public final class TableCopy {

    /**
     * What arrived in this attempt so far, earlier runs included.
     *
     * @param tables tables noted as copied
     * @param resumed how many of them an earlier run had copied
     * @param rows their rows
     * @param bytes their bytes of COPY data
     */
    public record Report(int tables, int resumed, long rows, long bytes) {}

    private final ConnectionSpec source;
    private final ConnectionSpec target;
    private final Exclusions exclusions;
    private final CopyOptions options;

    /**
     * @param source login of a role that may read every table, bypassing row security
     * @param target superuser's login to the prepared database (schema {@code switchback})
     * @param attempt the migration's attempt
     * @param jobs units copied at the same time
     */
    public TableCopy(
            ConnectionSpec source,
            ConnectionSpec target,
            Exclusions exclusions,
            int attempt,
            int jobs) {
        this(source, target, exclusions, CopyOptions.of(attempt, jobs));
    }

    TableCopy(
            ConnectionSpec source,
            ConnectionSpec target,
            Exclusions exclusions,
            CopyOptions options) {
        this.source = source;
        this.target = target;
        this.exclusions = exclusions;
        this.options = options;
    }

    /** Tables that an attempt has completed; none in a database that was never prepared. */
    public static Set<TableId> copied(Connection target, int attempt) throws SQLException {
        if (Sql.first(target, "SELECT to_regclass('switchback.copied')") == null) {
            return Set.of();
        }
        boolean older =
                Sql.first(
                                target,
                                "SELECT 1 FROM pg_attribute WHERE attrelid = 'switchback.copied'::regclass"
                                        + " AND attname = 'server_start' AND NOT attisdropped")
                        == null;
        return older ? Set.of() : new CopyNotes(attempt).copied(target).keySet();
    }

    /** Copies under a snapshot of its own. */
    public Report run(Consumer<TableProgress> progress, Stopper stopper)
            throws InterruptedException {
        try (PinnedSnapshot snapshot = PinnedSnapshot.open(source)) {
            return run(snapshot, progress, stopper);
        }
    }

    /**
     * Copies what {@code snapshot} shows, and ends it with the last row.
     *
     * @param progress heard from several threads, about once a second per table; must be quick
     * @throws SwitchbackException COPY_FAILED with the table, the side and the server's words;
     *     ROW_TOO_LARGE; DATABASE_SETTINGS when the encodings differ
     * @throws InterruptedException when stopped; complete units stay copied
     */
    public Report run(PinnedSnapshot snapshot, Consumer<TableProgress> progress, Stopper stopper)
            throws InterruptedException {
        try (Loading loading =
                Loading.open(
                        source, target, exclusions, _ -> true, options, snapshot, null, progress)) {
            Crew<CopyDesk> crew = new Crew<>("copy", options.jobs(), loading::desk);
            loading.units().forEach(u -> crew.add(0, u.bytes(), desk -> desk.copy(u)));
            crew.run(stopper);
            return report(loading.outcomes());
        }
    }

    static Report report(List<TableOutcome> outcomes) {
        return new Report(
                outcomes.size(),
                (int) outcomes.stream().filter(TableOutcome::resumed).count(),
                outcomes.stream().mapToLong(TableOutcome::rows).sum(),
                outcomes.stream().mapToLong(TableOutcome::bytes).sum());
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
