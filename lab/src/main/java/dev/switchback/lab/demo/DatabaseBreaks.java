package dev.switchback.lab.demo;

import dev.switchback.lab.pg.PgServer;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** Defects of the databases and servers: versions, roles, locales, certificates, broken indexes. */
final class DatabaseBreaks {
    static final List<Break> ALL =
            List.of(
                    inSource(
                            "extension-missing",
                            "the source uses an extension that the target's image does not have",
                            "check-extensions",
                            "SB-310",
                            "CREATE EXTENSION pg_trgm SCHEMA public",
                            "UPDATE pg_extension SET extname = 'postgis' WHERE extname = 'pg_trgm'"),
                    inSource(
                            "extension-version",
                            "the source has a newer version of an extension than the target's image",
                            "check-extensions",
                            "SB-319",
                            "CREATE EXTENSION pg_trgm SCHEMA public",
                            "UPDATE pg_extension SET extversion = '99.1' WHERE extname = 'pg_trgm'"),
                    inSource(
                            "md5-role",
                            "an application's password is stored as md5",
                            "check-roles",
                            "SB-311",
                            "CREATE ROLE reports LOGIN PASSWORD 'md5"
                                    + "0123456789abcdef0123456789abcdef"
                                    + "'"),
                    inSource(
                            "superuser-role",
                            "an application logs in as a superuser",
                            "check-roles",
                            "SB-321",
                            "CREATE ROLE reports LOGIN SUPERUSER"),
                    inSource(
                            "reserved-role",
                            "an application's role has a name that CloudNativePG keeps for itself",
                            "check-roles",
                            "SB-322",
                            "CREATE ROLE cnpg_reports LOGIN"),
                    new Break(
                            "wrong-collation",
                            "the target's database sorts and folds texts by another locale",
                            "check-locale",
                            "SB-325",
                            target(
                                    "DROP DATABASE mastodon",
                                    "CREATE DATABASE mastodon OWNER mastodon TEMPLATE template0"
                                            + " LC_COLLATE 'C' LC_CTYPE 'C'")),
                    new Break(
                            "wrong-encoding",
                            "the target's database has another encoding",
                            "check-target",
                            "SB-315",
                            target(
                                    "DROP DATABASE mastodon",
                                    "CREATE DATABASE mastodon OWNER mastodon TEMPLATE template0"
                                            + " ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'")),
                    new Break(
                            "expired-certificate",
                            "the target's certificate has expired",
                            "check-tls",
                            "SB-317",
                            new Certificate(-60)),
                    new Break(
                            "expiring-certificate",
                            "the target's certificate expires before a rollback window is over",
                            "check-tls",
                            "SB-317",
                            new Certificate(20 * 60 * 60)),
                    new Break(
                            "isolation-differs",
                            "the source runs transactions at another isolation level than the target",
                            "check-settings",
                            "SB-328",
                            server(
                                    "ALTER SYSTEM SET default_transaction_isolation = 'serializable'",
                                    "SELECT pg_reload_conf()")),
                    inSource(
                            "invalid-index",
                            "an index that was never finished",
                            "check-data",
                            "SB-329",
                            "CREATE INDEX accounts_unfinished ON accounts (domain)",
                            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'accounts_unfinished'::regclass"),
                    inSource(
                            "hidden-duplicate",
                            "a unique index lost entries, so that two rows have the same key",
                            "check-duplicates",
                            "SB-330",
                            "UPDATE pg_index SET indisready = false WHERE indexrelid = 'domain_blocks_domain_key'::regclass",
                            "INSERT INTO domain_blocks (domain) VALUES ('spam.example'), ('spam.example')",
                            "UPDATE pg_index SET indisready = true WHERE indexrelid = 'domain_blocks_domain_key'::regclass"),
                    inSource(
                            "needs-spilo",
                            "a view of the application's reads an object of Spilo's",
                            "check-data",
                            "SB-333",
                            "CREATE VIEW slow_statements AS SELECT * FROM pg_stat_statements"));

    private DatabaseBreaks() {}

    private static Break inSource(
            String name, String what, String check, String code, String... statements) {
        return new Break(name, what, check, code, new OnSource("mastodon", List.of(statements)));
    }

    private static Break.Planting target(String... statements) {
        return new OnTarget(List.of(statements));
    }

    private static Break.Planting server(String... statements) {
        return new OnSource("postgres", List.of(statements));
    }

    private static void run(PgServer server, String database, List<String> statements)
            throws SQLException {
        try (Connection connection = Pg.open(server.superuser(database))) {
            for (String statement : statements) {
                Sql.run(connection, statement);
            }
        }
    }

    private record OnSource(String database, List<String> statements) implements Break.Planting {
        @Override
        public void world(Lab lab) throws SQLException {
            run(lab.source(), database, statements);
        }
    }

    private record OnTarget(List<String> statements) implements Break.Planting {
        @Override
        public void world(Lab lab) throws SQLException {
            run(lab.target(), "postgres", statements);
        }
    }

    /**
     * @param seconds from now until it ends
     */
    private record Certificate(long seconds) implements Break.Planting {
        @Override
        public void world(Lab lab) {
            lab.target().certificateUntil(Instant.now().plusSeconds(seconds));
        }
    }
}
