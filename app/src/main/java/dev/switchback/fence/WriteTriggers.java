package dev.switchback.fence;

import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.Ours;
import dev.switchback.pg.Sql;
import dev.switchback.pg.Stopper;
import dev.switchback.pg.TableId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * The statement triggers, one short transaction per table: one big transaction deadlocks with busy
 * writers and may never get all its locks, single ones close each table as soon as they commit.
 */
final class WriteTriggers {
    private static final String MISSING = Sql.resource(WriteTriggers.class, "tables.sql");
    private static final String PRESENT = Sql.resource(WriteTriggers.class, "fenced-tables.sql");
    private static final String NAME = Sql.identifier(Ours.FENCE_TRIGGER);

    private static final String CREATE =
            "CREATE TRIGGER "
                    + NAME
                    + " BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON %1$s"
                    + " FOR EACH STATEMENT EXECUTE FUNCTION switchback.refuse_write();"
                    + " ALTER TABLE %1$s ENABLE ALWAYS TRIGGER "
                    + NAME;

    private static final String SWEEP = Sql.resource(WriteTriggers.class, "sweep.sql");

    /** Tables per statement of {@link #sweep}: how often it can be stopped. */
    private static final int BATCH = 100;

    /**
     * Table, schema or function gone. 42704 is "referenced function was concurrently dropped" of
     * the minor releases of 2026, XX000 the "cache lookup failed" of those before them.
     */
    private static final Set<String> GONE = Set.of("42P01", "3F000", "42883", "42704", "XX000");

    private static final String READERS = Sql.resource(WriteTriggers.class, "readers.sql");

    /** How long {@link #remove} waits for readers of all tables together before it ends them. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    /** How long it tries in all. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private WriteTriggers() {}

    private record Table(TableId id, boolean hasTrigger) {
        static Table read(ResultSet row) throws SQLException {
            return new Table(
                    new TableId(row.getString("nspname"), row.getString("relname")),
                    row.getBoolean("has_trigger"));
        }
    }

    /**
     * Gives the trigger, busiest first, to every table that lacks it and is free: in batches that
     * the server works off by itself, one transaction per table, because under load every round
     * trip waits for its turn among the writers. Tables that are locked are left for {@link
     * #insist}.
     */
    static void sweep(FenceSession session, Stopper stopper)
            throws SQLException, InterruptedException {
        Connection connection = session.connection();
        List<String> free =
                missing(session).stream()
                        .filter(t -> !t.hasTrigger)
                        .map(t -> Sql.literal(t.id.sql()))
                        .toList();
        for (int from = 0; from < free.size(); from += BATCH) {
            stopper.checkpoint();
            List<String> batch = free.subList(from, Math.min(from + BATCH, free.size()));
            Sql.run(connection, SWEEP.replace("/* tables */", String.join(", ", batch)));
        }
    }

    /**
     * Gives the trigger to every table that lacks it, and ends whoever keeps one from us.
     *
     * @return how many tables lacked it
     */
    static int insist(FenceSession session, Stopper stopper)
            throws SQLException, InterruptedException {
        List<Table> missing = missing(session);
        for (Table table : missing) {
            String name = table.id.sql();
            String create =
                    (table.hasTrigger ? "DROP TRIGGER IF EXISTS " + NAME + " ON " + name + ";" : "")
                            + CREATE.formatted(name);
            try {
                LockPatience.insist(
                        session,
                        List.of(name),
                        DdlTrigger.past(session.connection(), create),
                        stopper);
            } catch (SQLException e) {
                // table, schema or function dropped by a transaction older than the event trigger:
                // the caller lists and defines again
                if (!GONE.contains(e.getSQLState())) {
                    throw e;
                }
            }
        }
        return missing.size();
    }

    private static List<Table> missing(FenceSession session) throws SQLException {
        return Sql.list(session.connection(), MISSING, Table::read);
    }

    static int count(FenceSession session) throws SQLException {
        return Sql.list(session.connection(), PRESENT, row -> row.getString(1)).size();
    }

    /**
     * Takes every trigger off. A reader is waited for a moment, then ended: it came after the fence
     * ended everybody, and a report that began meanwhile must not keep the service down.
     *
     * @throws SwitchbackException UNDO_FAILED when a table stays locked all the same
     */
    static void remove(FenceSession session) throws SQLException {
        List<TableId> tables =
                Sql.list(
                        session.connection(),
                        PRESENT,
                        row -> new TableId(row.getString(1), row.getString(2)));
        Instant graceOver = Instant.now().plus(GRACE);
        Instant deadline = Instant.now().plus(PATIENCE);
        for (TableId table : tables) {
            while (!removed(session, table)) {
                if (Instant.now().isAfter(graceOver)) {
                    endReaders(session, table);
                }
                if (Instant.now().isAfter(deadline)) {
                    throw new SwitchbackException(
                            Code.UNDO_FAILED,
                            session.database() + " " + table,
                            "the fence's trigger cannot be taken off while a long transaction reads the table;"
                                    + " writes pass already",
                            "let the reader end or end it, then run again");
                }
            }
        }
    }

    private static void endReaders(FenceSession session, TableId table) throws SQLException {
        List<Integer> pids =
                Sql.list(session.connection(), READERS, row -> row.getInt(1), table.sql());
        for (Integer pid : pids) {
            Sql.one(session.connection(), "SELECT pg_terminate_backend(?)", pid);
        }
    }

    private static boolean removed(FenceSession session, TableId table) throws SQLException {
        try {
            Sql.run(session.connection(), "DROP TRIGGER IF EXISTS " + NAME + " ON " + table.sql());
            return true;
        } catch (SQLException e) {
            return switch (e.getSQLState()) {
                case "42P01" -> true;
                case "55P03", "40P01" -> false;
                case null, default -> throw e;
            };
        }
    }
}
