package dev.switchback.link;

import dev.switchback.pg.Ours;
import dev.switchback.pg.Sql;
import dev.switchback.pg.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * One row a direction that the publisher changes and the subscriber receives: it carries the
 * markers of {@link Drain} and the clock that lag is read from. Both rows exist on both sides
 * before anything is published, for a subscriber passes over the update of a row that it lacks.
 */
public final class Heartbeat {
    /** Excluded from dump, copy, fence and validation with the rest of its schema. */
    public static final TableId TABLE = new TableId(Ours.SCHEMA, "heartbeat");

    private Heartbeat() {}

    /** Makes the table with its rows; idempotent. */
    public static void create(Connection connection, Fenced fenced) throws SQLException {
        writable(connection);
        Sql.run(
                connection,
                fenced.past(
                        connection,
                        "CREATE SCHEMA IF NOT EXISTS "
                                + Sql.identifier(Ours.SCHEMA)
                                + "; CREATE TABLE IF NOT EXISTS "
                                + TABLE.sql()
                                + " (id int PRIMARY KEY, token text NOT NULL, at timestamptz NOT NULL)"
                                + "; INSERT INTO "
                                + TABLE.sql()
                                + " VALUES (1, '', clock_timestamp()), (2, '', clock_timestamp())"
                                + " ON CONFLICT (id) DO NOTHING"));
    }

    public static boolean exists(Connection connection) throws SQLException {
        return Sql.first(connection, "SELECT to_regclass(?)", TABLE.sql()) != null;
    }

    /** Removes the table, and the schema with it when nothing else of ours is left there. */
    public static void drop(Connection connection, Fenced fenced) throws SQLException {
        writable(connection);
        if (exists(connection)) {
            Sql.run(connection, fenced.past(connection, "DROP TABLE " + TABLE.sql()));
        }
        boolean empty =
                Sql.one(
                                connection,
                                "SELECT count(*) FROM pg_depend WHERE refclassid = 'pg_namespace'::regclass"
                                        + " AND refobjid = to_regnamespace(?)",
                                Ours.SCHEMA)
                        .equals("0");
        if (empty) {
            Sql.run(connection, "DROP SCHEMA IF EXISTS " + Sql.identifier(Ours.SCHEMA));
        }
    }

    /**
     * Leaves a word on this side that is read back by {@link #marked}; one transaction. It travels
     * nowhere unless this side publishes.
     */
    public static void mark(Connection connection, Direction direction, String word)
            throws SQLException {
        beat(connection, direction, word);
    }

    public static boolean marked(Connection connection, Direction direction, String word)
            throws SQLException {
        return exists(connection) && arrived(connection, direction, word);
    }

    /** Writes the publisher's row; commits, also where the database is read-only by default. */
    static void beat(Connection publisher, Direction direction, String marker) throws SQLException {
        writable(publisher);
        int rows;
        try (var statement =
                publisher.prepareStatement(
                        "UPDATE "
                                + TABLE.sql()
                                + " SET token = ?, at = clock_timestamp() WHERE id = ?")) {
            statement.setString(1, marker);
            statement.setInt(2, direction.heartbeat());
            rows = statement.executeUpdate();
        }
        if (rows != 1) {
            throw new SQLException(TABLE + " lacks the row of direction " + direction);
        }
    }

    /** What the row says; empty where there is none. */
    static String token(Connection side, Direction direction) throws SQLException {
        if (!exists(side)) {
            return "";
        }
        String token =
                Sql.first(
                        side,
                        "SELECT token FROM " + TABLE.sql() + " WHERE id = ?",
                        direction.heartbeat());
        return token == null ? "" : token;
    }

    static boolean arrived(Connection subscriber, Direction direction, String marker)
            throws SQLException {
        return Sql.first(
                        subscriber,
                        "SELECT 1 FROM " + TABLE.sql() + " WHERE id = ? AND token = ?",
                        direction.heartbeat(),
                        marker)
                != null;
    }

    /**
     * Seconds that the subscriber's newest heartbeat is older than the publisher's clock; empty
     * while there was none.
     */
    static Optional<Double> age(Connection publisher, Connection subscriber, Direction direction)
            throws SQLException {
        String at =
                Sql.first(
                        subscriber,
                        "SELECT at::text FROM " + TABLE.sql() + " WHERE id = ? AND token <> ''",
                        direction.heartbeat());
        if (at == null) {
            return Optional.empty();
        }
        return Optional.of(
                Double.parseDouble(
                        Sql.one(
                                publisher,
                                "SELECT greatest(0, extract(epoch FROM clock_timestamp() - CAST(? AS timestamptz)))",
                                at)));
    }

    /** For the rest of the session; a fenced database is read-only by default. */
    static void writable(Connection connection) throws SQLException {
        Sql.run(connection, "SET default_transaction_read_only = off");
    }
}
