package dev.switchback.lab.demo;

import dev.switchback.lab.kube.MastodonCluster;
import dev.switchback.lab.mastodon.MastodonData;
import dev.switchback.lab.mastodon.MastodonSchema;
import dev.switchback.lab.mastodon.SpiloLeftovers;
import dev.switchback.lab.pg.PgServer;
import dev.switchback.pg.Secret;
import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Both servers as they are before a migration – Spilo with Mastodon's data, CloudNativePG just
 * bootstrapped – stopped, to be copied for each run.
 */
public final class LabTemplate implements AutoCloseable {
    /** What CloudNativePG generated for the owner of the database. */
    public static final Secret TARGET_OWNER_PASSWORD = Secret.of("lab-generated-by-cnpg");

    /**
     * The lab's own superuser on the target, as the instance manager has one; its name is reserved
     * by the operator.
     */
    static final String TARGET_ADMIN = "cnpg_lab";

    static final Secret TARGET_ADMIN_PASSWORD = Secret.of("lab-cnpg-admin");

    /** CloudNativePG's standbys use a certificate; ours a password that nobody else needs. */
    private static final Secret REPLICATION_PASSWORD = Secret.of("lab-streaming-replica");

    private static final String STANDBY_SLOT = "_cnpg_database_2";

    /** Spilo's own defaults; {@code hot_standby} is an old word for {@code replica}. */
    private static final Map<String, String> SPILO =
            Map.of(
                    "wal_level", "hot_standby",
                    "max_replication_slots", "10",
                    "max_wal_senders", "10");

    /** CloudNativePG's own defaults. */
    private static final Map<String, String> CNPG =
            Map.of(
                    "wal_level", "logical",
                    "max_replication_slots", "32",
                    "max_wal_senders", "10",
                    "max_worker_processes", "32",
                    "wal_sender_timeout", "5s",
                    "wal_receiver_timeout", "5s",
                    // the instance manager archives; a lab's archive forgets
                    "archive_mode", "on",
                    "archive_command", "/bin/true");

    /** Patroni's slot for its member {@code mastodon-postgresql-1}. */
    private static final String MEMBER_SLOT = "mastodon_postgresql_1";

    private final PgServer source;
    private final PgServer target;

    private LabTemplate(PgServer source, PgServer target) {
        this.source = source;
        this.target = target;
    }

    /**
     * @param scale 1.0 makes 200 to 300 MB
     */
    public static LabTemplate build(VersionPair versions, double scale) throws SQLException {
        PgServer source =
                PgServer.start(
                        versions.source(),
                        names(
                                MastodonCluster.SOURCE,
                                MastodonCluster.SOURCE + "-repl",
                                MastodonCluster.SOURCE + "-pooler",
                                MastodonCluster.SOURCE + "-pooler-repl"),
                        SPILO);
        PgServer target =
                PgServer.start(
                        versions.target(),
                        names(
                                "database-rw",
                                "database-ro",
                                "database-r",
                                "database-pooler-rw",
                                "database-pooler-ro"),
                        CNPG);
        spilo(source, scale);
        cnpg(target);
        source.stop();
        target.stop();
        return new LabTemplate(source, target);
    }

    private static void spilo(PgServer server, double scale) throws SQLException {
        SpiloLeftovers.install(server.superuser("postgres"));
        try (Connection postgres = server.connect("postgres")) {
            MastodonSchema.createDatabase(postgres, "mastodon");
        }
        try (Connection mastodon = server.connect("mastodon")) {
            MastodonSchema.create(mastodon);
        }
        MastodonData.fill(server.superuser("mastodon"), scale);
        SpiloLeftovers.install(server.superuser("postgres"));
        try (Connection postgres = server.connect("postgres")) {
            Sql.run(
                    postgres,
                    "SELECT pg_create_physical_replication_slot('" + MEMBER_SLOT + "', true)");
        }
    }

    /**
     * What {@code bootstrap.initdb} leaves: owner, database, replication role; no superuser
     * password.
     */
    private static void cnpg(PgServer server) throws SQLException {
        try (Connection postgres = server.connect("postgres")) {
            postgres.createStatement().execute("SET log_statement = 'none'");
            Sql.run(
                    postgres,
                    "CREATE ROLE streaming_replica LOGIN REPLICATION PASSWORD "
                            + Sql.literal(REPLICATION_PASSWORD.reveal()));
            // the WAL that a standby started later will need, kept as CloudNativePG keeps it
            Sql.run(
                    postgres,
                    "SELECT pg_create_physical_replication_slot('" + STANDBY_SLOT + "', true)");
            Sql.run(
                    postgres,
                    "CREATE ROLE "
                            + TARGET_ADMIN
                            + " LOGIN SUPERUSER PASSWORD "
                            + Sql.literal(TARGET_ADMIN_PASSWORD.reveal()));
            Sql.run(
                    postgres,
                    "CREATE ROLE mastodon LOGIN PASSWORD "
                            + Sql.literal(TARGET_OWNER_PASSWORD.reveal()));
            Sql.run(postgres, "CREATE DATABASE mastodon OWNER mastodon");
            Sql.run(postgres, "ALTER ROLE postgres PASSWORD NULL");
        }
    }

    private static List<String> names(String... services) {
        List<String> names = new ArrayList<>();
        for (String service : services) {
            for (String suffix :
                    List.of("", ".mastodon", ".mastodon.svc", ".mastodon.svc.cluster.local")) {
                names.add(service + suffix);
            }
        }
        return names;
    }

    /** A source of its own with the template's data. */
    PgServer source() {
        return source.copy();
    }

    /** A hot standby that streams from a {@link #source}: the second pod of the Zalando cluster. */
    PgServer replica(PgServer primary) {
        return source.standbyOf(
                primary,
                "standby",
                SpiloLeftovers.STANDBY_PASSWORD,
                MEMBER_SLOT,
                "postgres",
                PgServer.SUPERUSER_PASSWORD);
    }

    /** A target of its own as after its bootstrap. */
    public PgServer target() {
        return target.copyAs(TARGET_ADMIN, TARGET_ADMIN_PASSWORD);
    }

    /** A hot standby that streams from a {@link #target}. */
    public PgServer standby(PgServer primary) {
        return target.standbyOf(
                primary,
                "streaming_replica",
                REPLICATION_PASSWORD,
                STANDBY_SLOT,
                TARGET_ADMIN,
                TARGET_ADMIN_PASSWORD);
    }

    @Override
    public void close() {
        source.close();
        target.close();
    }
}
