package dev.switchback.schema;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Ours;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Marks a target database as ours, and makes a marked one empty again.
 *
 * <p>{@link #reset}, so that a crash at any point leaves either the old database or a complete new
 * one, and nothing is dropped that does not carry our marker:
 *
 * <ol>
 *   <li>The database exists: its marker must hold our uid, else TARGET_NOT_EMPTY.
 *   <li>A successor is created under a name derived from the database's, from template0, with the
 *       owner, encoding, locale, limits, privileges, settings and comment of the old one. The
 *       marker is written into it last. A successor without our marker is an unfinished one of
 *       ours, or somebody else's: only an empty one is dropped.
 *   <li>The old database is dropped, sessions in it are ended.
 *   <li>The successor is renamed. A later run that finds no database but a marked successor starts
 *       here.
 * </ol>
 */
public final class TargetReset {
    private static final Duration RENAME_PATIENCE = Duration.ofSeconds(20);

    private final ConnectionSpec maintenance;
    private final String database;
    private final String uid;

    private TargetReset(ConnectionSpec maintenance, String database, String uid) {
        this.maintenance = maintenance;
        this.database = database;
        this.uid = uid;
    }

    /**
     * Creates our schema, without rights for anybody else, and writes the marker; nothing happens
     * where this uid's marker is already.
     *
     * @param db a superuser's session in the target database
     * @throws SwitchbackException TARGET_NOT_EMPTY when the marker of another migration is there
     */
    public static void prepare(Connection db, String uid) throws SQLException {
        boolean automatic = db.getAutoCommit();
        db.setAutoCommit(false);
        try {
            Sql.run(db, "SET LOCAL transaction_read_only = off");
            Sql.run(db, Sql.resource(TargetReset.class, "prepare-target.sql"));
            Sql.list(
                    db,
                    "INSERT INTO switchback.migration (uid) SELECT ?"
                            + " WHERE NOT EXISTS (SELECT FROM switchback.migration) RETURNING uid",
                    row -> row.getString(1),
                    uid);
            String found = Sql.one(db, "SELECT uid FROM switchback.migration");
            if (!found.equals(uid)) {
                throw foreign(Sql.one(db, "SELECT current_database()"), found);
            }
            db.commit();
        } catch (SQLException | SwitchbackException e) {
            db.rollback();
            throw e;
        } finally {
            db.setAutoCommit(automatic);
        }
    }

    /** The uid in a database's marker, or null when it has none. */
    public static @Nullable String marker(Connection db) throws SQLException {
        if (Sql.first(db, "SELECT to_regclass('switchback.migration')::text") == null) {
            return null;
        }
        return Sql.first(db, "SELECT uid FROM switchback.migration");
    }

    /** Drops the marker and the bookkeeping beside it; what others put into the schema stays. */
    public static void forget(Connection db) throws SQLException {
        Sql.run(db, Sql.resource(TargetReset.class, "forget-target.sql"));
    }

    /**
     * Replaces a database that carries our marker by an empty, marked one with the same properties.
     *
     * @param maintenance a superuser's login to a database that is not the one to replace
     * @throws SwitchbackException TARGET_NOT_EMPTY when the database is not ours; PG_FAILED
     */
    public static void reset(ConnectionSpec maintenance, String database, String uid)
            throws InterruptedException {
        try (Connection server = Pg.open(maintenance, Duration.ZERO)) {
            Sql.run(server, "SET default_transaction_read_only = off");
            new TargetReset(maintenance, database, uid).reset(server);
        } catch (SQLException e) {
            throw new SwitchbackException(
                    new Problem(
                            Code.PG_FAILED,
                            maintenance.withDatabase(database).display(),
                            "the target database cannot be made empty: " + Pg.words(e),
                            "mend what the server says, then run again"),
                    e);
        }
    }

    private void reset(Connection server) throws SQLException, InterruptedException {
        String successor = successor(database);
        if (exists(server, database)) {
            String found = markerOf(database);
            if (!uid.equals(found)) {
                throw foreign(database, found);
            }
            if (exists(server, successor)) {
                removeUnfinished(server, successor);
            }
            create(server, successor);
            Sql.run(server, "DROP DATABASE " + Sql.identifier(database) + " WITH (FORCE)");
        } else if (!exists(server, successor) || !uid.equals(markerOf(successor))) {
            throw new SwitchbackException(
                    Code.DATABASE_MISSING,
                    maintenance.withDatabase(database).display(),
                    "the database does not exist",
                    "create it, or check spec.databases");
        }
        rename(server, successor);
    }

    private void create(Connection server, String successor) throws SQLException {
        DatabaseProperties properties = DatabaseProperties.read(server, database);
        for (String statement : properties.createAs(successor)) {
            Sql.run(server, statement);
        }
        try (Connection fresh = Pg.open(maintenance.withDatabase(successor))) {
            prepare(fresh, uid);
        }
    }

    private void removeUnfinished(Connection server, String successor) throws SQLException {
        String found = markerOf(successor);
        if (found != null && !found.equals(uid)) {
            throw foreign(successor, found);
        }
        try (Connection db = Pg.open(maintenance.withDatabase(successor))) {
            List<String> objects = Emptiness.userObjects(db, Exclusions.none());
            if (!objects.isEmpty()) {
                throw foreign(successor, objects.getFirst());
            }
        }
        Sql.run(server, "DROP DATABASE " + Sql.identifier(successor) + " WITH (FORCE)");
    }

    /** An operator's or exporter's session in the new database would make the rename fail. */
    private void rename(Connection server, String successor)
            throws SQLException, InterruptedException {
        Instant deadline = Instant.now().plus(RENAME_PATIENCE);
        while (true) {
            try {
                Sql.list(
                        server,
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ?",
                        row -> row.getString(1),
                        successor);
                Sql.run(
                        server,
                        "ALTER DATABASE "
                                + Sql.identifier(successor)
                                + " RENAME TO "
                                + Sql.identifier(database));
                return;
            } catch (SQLException e) {
                boolean inUse = "55006".equals(e.getSQLState());
                if (!inUse || Instant.now().isAfter(deadline)) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
    }

    private @Nullable String markerOf(String name) throws SQLException {
        try (Connection db = Pg.open(maintenance.withDatabase(name))) {
            return marker(db);
        }
    }

    private static boolean exists(Connection server, String name) throws SQLException {
        return Sql.first(server, "SELECT 1 FROM pg_database WHERE datname = ?", name) != null;
    }

    static String successor(String database) {
        UUID digest = UUID.nameUUIDFromBytes(database.getBytes(StandardCharsets.UTF_8));
        return "switchback_new_" + digest.toString().replace("-", "");
    }

    private static SwitchbackException foreign(String database, @Nullable String found) {
        return new SwitchbackException(
                Code.TARGET_NOT_EMPTY,
                database,
                found == null
                        ? "the database does not carry the marker of a migration"
                        : "the database belongs to something else: " + found,
                "empty it yourself, or name another target; "
                        + Ours.SCHEMA
                        + " drops only its own");
    }
}
