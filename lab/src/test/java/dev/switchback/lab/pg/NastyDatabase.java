package dev.switchback.lab.pg;

import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;

/**
 * A small database with one of everything that is hard to carry, as it would live in a cluster run
 * by Zalando's operator.
 */
public final class NastyDatabase {
    /** What stays behind of it. */
    public static final Exclusions EXCLUSIONS = Exclusions.spilo().andRoles(Set.of("lab_rotated"));

    private NastyDatabase() {}

    /** The roles that are carried over; once per server. */
    public static void createRoles(PgServer server) throws SQLException {
        run(server, "postgres", "nasty-roles.sql");
    }

    /** The operator's own roles; once per server, never on a target. */
    public static void createOperatorRoles(PgServer server) throws SQLException {
        run(server, "postgres", "nasty-operator-roles.sql");
    }

    public static void createEmpty(PgServer server, String database) throws SQLException {
        try (Connection c = server.connect("postgres")) {
            Sql.run(c, "CREATE DATABASE " + Sql.identifier(database));
        }
    }

    /** The database with all definitions; needs all roles. */
    public static void createSchema(PgServer server, String database) throws SQLException {
        createEmpty(server, database);
        run(server, database, "nasty-schema.sql");
    }

    public static void insertRows(PgServer server, String database) throws SQLException {
        run(server, database, "nasty-rows.sql");
    }

    /** What Spilo adds to every database. */
    public static void addSpilo(PgServer server, String database) throws SQLException {
        run(server, database, "nasty-spilo.sql");
    }

    private static void run(PgServer server, String database, String script) throws SQLException {
        try (Connection c = server.connect(database)) {
            Sql.run(c, Sql.resource(NastyDatabase.class, script));
        }
    }
}
