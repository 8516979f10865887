package dev.switchback.lab.demo;

import dev.switchback.lab.pg.PgServer;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** Defects that only {@code strategy: online} minds. */
final class OnlineBreaks {
    static final List<Break> ALL =
            List.of(
                    restarted(
                            "target-not-logical",
                            "the target does not write logical WAL, so there would be no way back with data",
                            "SB-490",
                            Map.of("wal_level", "replica")),
                    restarted(
                            "apply-workers",
                            "the target runs no logical replication workers",
                            "SB-491",
                            Map.of("max_logical_replication_workers", "0")),
                    source(
                            "slot-keeps-little",
                            "the source invalidates a slot that falls behind a little",
                            "check-logical-wal",
                            "SB-492",
                            "ALTER SYSTEM SET max_slot_wal_keep_size = '1MB'",
                            "SELECT pg_reload_conf()"),
                    source(
                            "no-identity",
                            "the rows of a table cannot be told apart, and its type rules out REPLICA IDENTITY FULL",
                            "check-identities",
                            "SB-493",
                            "CREATE TABLE webhooks (payload json)",
                            "INSERT INTO webhooks VALUES ('{}')"),
                    source(
                            "fires-on-apply",
                            "a trigger would fire a second time for every replicated row",
                            "check-replicable",
                            "SB-495",
                            "CREATE FUNCTION count_follow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
                            "CREATE TRIGGER count_follow AFTER INSERT ON follows FOR EACH ROW EXECUTE FUNCTION count_follow()",
                            "ALTER TABLE follows ENABLE ALWAYS TRIGGER count_follow"),
                    new Break(
                            "somebody-publishes-all",
                            "somebody else publishes all tables of the target",
                            "check-replicable",
                            "SB-496",
                            new OnServer(
                                    false,
                                    List.of("CREATE PUBLICATION everything FOR ALL TABLES"))),
                    source(
                            "chunked-tables",
                            "an extension spreads tables over others that it makes by itself",
                            "check-replicable",
                            "SB-497",
                            "CREATE EXTENSION pg_trgm SCHEMA public",
                            "UPDATE pg_extension SET extname = 'timescaledb' WHERE extname = 'pg_trgm'"));

    private OnlineBreaks() {}

    private static Break restarted(
            String name, String what, String code, Map<String, String> settings) {
        return new Break(name, what, "check-logical-wal", code, new Restarted(settings));
    }

    private static Break source(
            String name, String what, String check, String code, String... statements) {
        return new Break(name, what, check, code, new OnServer(true, List.of(statements)));
    }

    private static String online(String document) {
        return document.replace("strategy: offline", "strategy: online");
    }

    private record OnServer(boolean source, List<String> statements) implements Break.Planting {
        @Override
        public void world(Lab lab) throws SQLException {
            PgServer server = source ? lab.source() : lab.target();
            try (Connection connection = Pg.open(server.superuser("mastodon"))) {
                for (String statement : statements) {
                    Sql.run(connection, statement);
                }
            }
        }

        @Override
        public String document(String document, Lab lab) {
            return online(document);
        }
    }

    /** The target with settings that only a start reads. */
    private record Restarted(Map<String, String> settings) implements Break.Planting {
        @Override
        public void world(Lab lab) {
            lab.target().restart(settings);
        }

        @Override
        public String document(String document, Lab lab) {
            return online(document);
        }
    }
}
