package dev.switchback.transfer;

import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.schema.DatabaseAttributes;
import dev.switchback.schema.Emptiness;
import dev.switchback.schema.TargetReset;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The target database of a copy: whose it is, how far an earlier copy came, and that nobody else
 * copies into it now.
 *
 * <p>An unfinished copy goes on only when the source's snapshot is the very one that its rows were
 * read under: the same transactions finished, none under way then or now. Counters would not do,
 * for they are late.
 */
final class CopyTarget implements AutoCloseable {
    /** Rows of {@code switchback copy} are noted under this attempt. */
    static final int ATTEMPT = 1;

    static final String APPLICATION = "switchback/copy";

    private static final int LOCK_CLASS = 0x5b_c0;
    private static final int PATIENCE = 100;

    private final ConnectionSpec target;
    private final ConnectionSpec maintenance;
    private final String uid;
    private final Connection lock;
    private String why = "";

    private CopyTarget(
            ConnectionSpec target, ConnectionSpec maintenance, String uid, Connection lock) {
        this.target = target;
        this.maintenance = maintenance;
        this.uid = uid;
        this.lock = lock;
    }

    /**
     * Takes the target for this process and ends what a killed predecessor left running in it.
     *
     * @param uid names the source
     * @throws SwitchbackException LOCKED when another copy is under way; PG_PRIVILEGE
     */
    static CopyTarget take(ConnectionSpec target, String uid)
            throws SQLException, InterruptedException {
        String beside = target.database().equals("postgres") ? "template1" : "postgres";
        ConnectionSpec maintenance =
                target.withDatabase(beside).withApplicationName(APPLICATION + "-lock");
        try (Connection db = Pg.open(target)) {
            if (!"t"
                    .equals(
                            Sql.one(
                                    db,
                                    "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"))) {
                throw new SwitchbackException(
                        Code.PG_PRIVILEGE,
                        target.display(),
                        "role " + target.user() + " is not a superuser there",
                        "log in as a superuser: objects get their source's owners, and triggers must not"
                                + " fire while rows are loaded");
            }
        }
        Connection lock = Pg.open(maintenance);
        try {
            for (int i = 0; ; i++) {
                String got =
                        Sql.one(
                                lock,
                                "SELECT pg_try_advisory_lock(?, hashtext(?))",
                                LOCK_CLASS,
                                target.database());
                if (got.equals("t")) {
                    break;
                }
                if (i == PATIENCE / 2) {
                    throw new SwitchbackException(
                            Code.LOCKED,
                            target.display(),
                            "another copy into this database is under way",
                            "wait for it, or end it");
                }
                TimeUnit.MILLISECONDS.sleep(100);
            }
            CopyTarget taken = new CopyTarget(target, maintenance, uid, lock);
            taken.endPredecessors();
            return taken;
        } catch (SQLException | InterruptedException | SwitchbackException e) {
            lock.close();
            throw e;
        }
    }

    private void endPredecessors() throws SQLException, InterruptedException {
        for (int i = 0; i < PATIENCE; i++) {
            int left =
                    Sql.list(
                                    lock,
                                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ?"
                                            + " AND application_name = ? AND pid <> pg_backend_pid()",
                                    row -> row.getString(1),
                                    target.database(),
                                    APPLICATION)
                            .size();
            if (left == 0) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        throw new SwitchbackException(
                Code.LOCKED,
                target.display(),
                "sessions of an earlier copy do not end",
                "end the sessions called " + APPLICATION);
    }

    /** What is to be done with the target as it is. */
    enum Begin {
        FRESH,
        RESUMED,
        RESTARTED
    }

    /**
     * Makes the target ready: marked as ours, and either empty or as far as an earlier copy of the
     * same state of the source came.
     *
     * @param snapshot {@code pg_current_snapshot()} of the source
     * @throws SwitchbackException TARGET_NOT_EMPTY
     */
    Begin prepare(String snapshot, TableFilter filter, boolean dropIfOurs)
            throws SQLException, InterruptedException {
        Begin begin = look(snapshot, filter, dropIfOurs);
        if (begin == Begin.RESTARTED) {
            TargetReset.reset(maintenance, target.database(), uid);
        }
        try (Connection db = Pg.open(target)) {
            TargetReset.prepare(db, uid);
            if (begin != Begin.RESUMED) {
                Sql.list(
                        db,
                        "INSERT INTO switchback.copy_run (attempt, snapshot, filter) VALUES (?, ?, ?)"
                                + " ON CONFLICT (attempt) DO UPDATE SET snapshot = excluded.snapshot,"
                                + " filter = excluded.filter RETURNING 1",
                        row -> row.getString(1),
                        ATTEMPT,
                        snapshot,
                        filter.words());
            }
        }
        return begin;
    }

    private record Earlier(String snapshot, String filter, boolean schemaDone, boolean finished) {}

    private Begin look(String snapshot, TableFilter filter, boolean dropIfOurs)
            throws SQLException {
        try (Connection db = Pg.open(target)) {
            String marker = TargetReset.marker(db);
            if (marker != null && !marker.equals(uid)) {
                throw notEmpty("it belongs to something else: " + marker);
            }
            List<String> objects = Emptiness.userObjects(db, Exclusions.none());
            if (marker == null) {
                if (!objects.isEmpty()) {
                    throw notEmpty(
                            "holds "
                                    + objects.size()
                                    + " object(s) that we did not put there, the first "
                                    + objects.getFirst());
                }
                return Begin.FRESH;
            }
            @Nullable Earlier earlier = earlier(db);
            if (earlier == null) {
                if (!objects.isEmpty()) {
                    throw notEmpty("holds " + objects.getFirst() + ", and no copy is noted");
                }
                return Begin.FRESH;
            }
            if (earlier.finished && !dropIfOurs) {
                throw notEmpty("holds a finished copy of this source");
            }
            boolean same =
                    !earlier.finished
                            && earlier.schemaDone
                            && earlier.snapshot.equals(snapshot)
                            && earlier.filter.equals(filter.words());
            if (same) {
                return Begin.RESUMED;
            }
            why = why(earlier, snapshot);
            return objects.isEmpty() ? Begin.FRESH : Begin.RESTARTED;
        }
    }

    private static String why(Earlier earlier, String snapshot) {
        if (earlier.finished) {
            return "the finished copy was replaced, as asked";
        }
        if (!earlier.schemaDone) {
            return "an earlier run stopped before the definitions were complete";
        }
        return earlier.snapshot.equals(snapshot)
                ? "an earlier run was asked for other tables"
                : "an earlier run had not finished, and transactions have ended on the source since";
    }

    /** Why the target was made empty; empty when it was not. */
    String why() {
        return why;
    }

    private static @Nullable Earlier earlier(Connection db) throws SQLException {
        if (Sql.first(db, "SELECT to_regclass('switchback.copy_run')") == null) {
            return null;
        }
        return Sql.list(
                        db,
                        "SELECT snapshot, filter, schema_done, finished_at IS NOT NULL FROM switchback.copy_run"
                                + " WHERE attempt = ?",
                        row ->
                                new Earlier(
                                        row.getString(1),
                                        row.getString(2),
                                        row.getBoolean(3),
                                        row.getBoolean(4)),
                        ATTEMPT)
                .stream()
                .findFirst()
                .orElse(null);
    }

    /** The definitions are there: from now on a crash can be resumed. */
    void schemaDone() throws SQLException {
        note("schema_done = true");
    }

    /**
     * Gives the database what it is beside its contents, and notes that the copy is complete.
     *
     * @return what could not be given
     */
    List<String> finished(DatabaseAttributes attributes) throws SQLException {
        List<String> notes;
        try (Connection db = Pg.open(maintenance)) {
            Sql.run(db, "SET default_transaction_read_only = off");
            notes = attributes.write(db, target.database());
        }
        note("finished_at = clock_timestamp()");
        return notes;
    }

    private void note(String change) throws SQLException {
        try (Connection db = Pg.open(target)) {
            Sql.run(db, "SET default_transaction_read_only = off");
            Sql.run(db, "UPDATE switchback.copy_run SET " + change + " WHERE attempt = " + ATTEMPT);
        }
    }

    private SwitchbackException notEmpty(String why) {
        return new SwitchbackException(
                Code.TARGET_NOT_EMPTY,
                target.display(),
                why,
                "empty it yourself or name another database; --drop-if-ours replaces a copy of the same"
                        + " source");
    }

    @Override
    public void close() throws SQLException {
        lock.close();
    }
}
