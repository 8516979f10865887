package dev.switchback.lab.mastodon;

import dev.switchback.pg.Secret;
import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * The tables, roles and settings of a Mastodon-shaped database, on every PostgreSQL from 13 to 18.
 * Everything belongs to role {@code mastodon}, who also owns the database.
 */
public final class MastodonSchema {
    /** The application's role, owner of the database. */
    public static final String OWNER = "mastodon";

    /** A LOGIN role that may only read, through its membership in {@link #READER}. */
    public static final String READONLY = "mastodon_readonly";

    /** The NOLOGIN group that holds the reading privileges. */
    public static final String READER = "mastodon_reader";

    /** The same in every lab; it never leaves the loopback interface. */
    public static final Secret OWNER_PASSWORD = Secret.of("lab-mastodon");

    public static final Secret READONLY_PASSWORD = Secret.of("lab-readonly");

    private MastodonSchema() {}

    /**
     * Creates an empty database and everything in it.
     *
     * @param superuserOnPostgres an auto-commit session in another database
     */
    public static void createDatabase(Connection superuserOnPostgres, String name)
            throws SQLException {
        createRoles(superuserOnPostgres);
        Sql.run(
                superuserOnPostgres,
                "CREATE DATABASE " + Sql.identifier(name) + " OWNER " + Sql.identifier(OWNER));
    }

    /**
     * Roles, database settings, types, tables, views and grants, in one transaction.
     *
     * @param superuserOnDatabase an auto-commit superuser session in the still empty database
     */
    public static void create(Connection superuserOnDatabase) throws SQLException {
        createRoles(superuserOnDatabase);
        superuserOnDatabase.setAutoCommit(false);
        try {
            run(superuserOnDatabase, "database.sql");
            Sql.run(superuserOnDatabase, "SET LOCAL ROLE " + OWNER);
            Sql.run(superuserOnDatabase, "SET LOCAL search_path = public");
            run(superuserOnDatabase, "words.sql");
            run(superuserOnDatabase, "accounts.sql");
            run(superuserOnDatabase, "statuses.sql");
            run(superuserOnDatabase, "oddities.sql");
            run(superuserOnDatabase, "grants.sql");
            superuserOnDatabase.commit();
        } catch (SQLException e) {
            superuserOnDatabase.rollback();
            throw e;
        } finally {
            superuserOnDatabase.setAutoCommit(true);
        }
    }

    /** The application's roles with their passwords and settings; those that exist stay. */
    public static void createRoles(Connection superuser) throws SQLException {
        run(superuser, "roles.sql");
        password(superuser, OWNER, OWNER_PASSWORD);
        password(superuser, READONLY, READONLY_PASSWORD);
    }

    private static void password(Connection superuser, String role, Secret password)
            throws SQLException {
        Sql.run(
                superuser,
                "ALTER ROLE "
                        + Sql.identifier(role)
                        + " PASSWORD "
                        + Sql.literal(password.reveal()));
    }

    private static void run(Connection connection, String resource) throws SQLException {
        Sql.run(connection, Sql.resource(MastodonSchema.class, resource));
    }
}
