package dev.switchback.lab.mastodon;

import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Secret;
import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * What Spilo and the Zalando operator leave in a cluster besides the application's things: roles
 * with memberships; in every database, {@code template1} included, the schemas {@code
 * metric_helpers}, {@code user_management} and {@code pooler}, extension {@code
 * pg_stat_statements}, and grants on system and application objects.
 */
public final class SpiloLeftovers {
    public static final Secret STANDBY_PASSWORD = Secret.of("lab-standby");
    public static final Secret POOLER_PASSWORD = Secret.of("lab-pooler");

    private SpiloLeftovers() {}

    /**
     * Installs them in every database that exists; may be run again, as Spilo does at each
     * promotion. Databases created later inherit them from {@code template1}.
     *
     * @param superuser a superuser login, its database does not matter
     */
    public static void install(ConnectionSpec superuser) throws SQLException {
        List<String> databases;
        try (Connection c = Pg.open(superuser.withDatabase("postgres"))) {
            Sql.run(c, Sql.resource(SpiloLeftovers.class, "spilo-roles.sql"));
            Sql.run(c, "ALTER ROLE standby PASSWORD " + Sql.literal(STANDBY_PASSWORD.reveal()));
            Sql.run(c, "ALTER ROLE pooler PASSWORD " + Sql.literal(POOLER_PASSWORD.reveal()));
            databases =
                    Sql.list(
                            c,
                            "SELECT datname FROM pg_database WHERE datallowconn ORDER BY datname",
                            row -> row.getString(1));
        }
        String everywhere = Sql.resource(SpiloLeftovers.class, "spilo-database.sql");
        for (String database : databases) {
            try (Connection c = Pg.open(superuser.withDatabase(database))) {
                Sql.run(c, everywhere);
            }
        }
    }
}
