package dev.switchback.steps.validation;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Stopper;
import dev.switchback.pg.TableId;
import dev.switchback.steps.World;
import dev.switchback.verify.ContentReport;
import dev.switchback.verify.ContentVerifier;
import dev.switchback.verify.TableVerdict;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Compares the rows with the source's, and decides what a difference means (docs/decisions/0014).
 *
 * <ol>
 *   <li>Without a common cut nothing is compared, and that is said.
 *   <li>While neither side was written, or when the caller says so ({@code frozen}), every
 *       difference is one.
 *   <li>Behind the fence the source still is what was copied. A table whose counters on the target
 *       hold the copy and nothing else was not written since: a difference there is damage.
 *   <li>A table that was written since may differ. But rows updated or deleted in a table in which
 *       the source's counters never saw an update or a delete are not the applications' doing.
 *   <li>What is left is told as written since, with its counters, and not judged. Where the rows
 *       were not proven equal at the switch either, the part as a whole counts as not compared.
 *   <li>A table that a side cannot read is neither equal nor different.
 * </ol>
 */
final class ExamineContent {
    private static final String ID = "content";

    /**
     * By when a session has reported its counters: a busy one after a second, one that fell idle
     * after ten (PGSTAT_MIN_INTERVAL and PGSTAT_IDLE_INTERVAL in PostgreSQL's pgstat.c).
     */
    private static final Duration REPORTED = Duration.ofSeconds(12);

    private static final long AGAIN_MILLIS = 500;

    private final World world;
    private final Cut cut;
    private final boolean frozen;
    private final ContentProof proof;

    ExamineContent(World world, Cut cut, boolean frozen, ContentProof proof) {
        this.world = world;
        this.cut = cut;
        this.frozen = frozen;
        this.proof = proof;
    }

    Examined examine(Stopper stopper) throws SQLException, InterruptedException {
        if (cut == Cut.NONE) {
            return Examined.notCompared(
                    ID,
                    "not compared: the source is being written, the sides have no common state");
        }
        List<Problem> problems = new ArrayList<>();
        List<Problem> unread = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        List<String> unjudged = new ArrayList<>();
        int tables = 0;
        long rows = 0;
        for (String database : world.databases()) {
            Map<TableId, TableWrites> there = counters(database, true);
            ContentReport report =
                    new ContentVerifier(world.exclusions(), world.migration().jobs())
                            .verify(
                                    world.source(database, "validate"),
                                    world.target(database, "validate"),
                                    verdict -> {},
                                    stopper);
            // after the rows: what was written before the snapshot must be in them
            Map<TableId, TableWrites> here = reported(database, report, stopper);
            tables += report.tablesVerified();
            rows += report.rows();
            for (TableVerdict verdict : report.mismatches()) {
                if (verdict.unreadable() != null) {
                    unread.add(unread(database, verdict));
                    continue;
                }
                String why = unexplained(verdict, there, here);
                if (why.isEmpty()) {
                    unjudged.add(verdict.table().toString());
                    notes.add(
                            verdict.table()
                                    + " was written since the switch, its rows are not judged: "
                                    + here.getOrDefault(verdict.table(), TableWrites.NONE)
                                            .since(verdict.rowsSource()));
                } else {
                    problems.add(
                            new Problem(
                                    Code.CONTENT_DIFFERS,
                                    world.target().display() + "/" + database,
                                    verdict.line() + "; " + why,
                                    "look at the rows named on both sides, mend them on the target or decide for 'switchback rollback'"));
                }
            }
        }
        String compared = tables + " tables, " + rows + " rows of the source compared";
        if (unjudged.isEmpty()) {
            return Examined.of(ID, compared, problems, unread, notes);
        }
        if (proof.proven() || !problems.isEmpty() || !unread.isEmpty()) {
            String since = ", " + unjudged.size() + " tables written since";
            return Examined.of(
                    ID,
                    compared + since + " (at the switch: " + proof.words() + ")",
                    problems,
                    unread,
                    notes);
        }
        return Examined.notCompared(
                ID,
                "not compared: "
                        + String.join(", ", unjudged)
                        + ", written since the switch; "
                        + proof.words()
                        + ". The others of "
                        + compared,
                notes);
    }

    private Problem unread(String database, TableVerdict verdict) {
        return new Problem(
                Code.VALIDATION_UNREAD,
                world.target().display() + "/" + database,
                verdict.line(),
                "mend what the server says and run 'switchback validate' again");
    }

    /** Why the difference is damage; empty when writes since the switch explain it. */
    private String unexplained(
            TableVerdict verdict, Map<TableId, TableWrites> there, Map<TableId, TableWrites> here) {
        long copied = verdict.rowsSource();
        if (copied == TableVerdict.ABSENT || verdict.rowsTarget() == TableVerdict.ABSENT) {
            return "one side lacks the table";
        }
        if (cut == Cut.QUIET) {
            return "neither side was written";
        }
        if (frozen) {
            return "nothing was to be written since the switch (--frozen)";
        }
        TableWrites now = here.getOrDefault(verdict.table(), TableWrites.NONE);
        if (now.reset(copied)) {
            return "";
        }
        if (now.onlyCopied(copied)) {
            return "the target's counters know no write since the copy";
        }
        TableWrites before = there.getOrDefault(verdict.table(), TableWrites.NONE);
        if (now.updated() > 0 && before.updated() == 0) {
            return now.updated() + " rows updated on the target, and the source never updated one";
        }
        if (now.deleted() > 0 && before.deleted() == 0) {
            return now.deleted() + " rows deleted on the target, and the source never deleted one";
        }
        return "";
    }

    /**
     * The target's counters; while a table differs whose counters know of no write, they are given
     * the time that sessions take to report.
     */
    private Map<TableId, TableWrites> reported(
            String database, ContentReport report, Stopper stopper)
            throws SQLException, InterruptedException {
        long end = System.nanoTime() + REPORTED.toNanos();
        Map<TableId, TableWrites> here = counters(database, false);
        while (cut != Cut.QUIET
                && !frozen
                && differsUnwritten(report, here)
                && System.nanoTime() < end) {
            stopper.checkpoint();
            TimeUnit.MILLISECONDS.sleep(AGAIN_MILLIS);
            here = counters(database, false);
        }
        return here;
    }

    private static boolean differsUnwritten(ContentReport report, Map<TableId, TableWrites> here) {
        return report.mismatches().stream()
                .filter(verdict -> verdict.unreadable() == null)
                .anyMatch(verdict ->
                        here.getOrDefault(verdict.table(), TableWrites.NONE)
                                .onlyCopied(verdict.rowsSource()));
    }

    private Map<TableId, TableWrites> counters(String database, boolean source)
            throws SQLException {
        try (Connection connection =
                Pg.open(
                        source
                                ? world.source(database, "validate")
                                : world.target(database, "validate"))) {
            return TableWrites.read(connection);
        }
    }
}
