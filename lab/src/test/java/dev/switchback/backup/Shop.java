package dev.switchback.backup;

import dev.switchback.lab.pg.PgServer;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Sql;
import dev.switchback.schema.ClientTools;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** One server with a database that has everything a dump must carry. */
final class Shop implements AutoCloseable {
    static final String DATABASE = "my shop";
    final PgServer server = PgServer.start(15);

    Shop() throws SQLException {
        try (Connection postgres = server.connect("postgres")) {
            Sql.run(postgres, "CREATE DATABASE \"my shop\"");
            Sql.run(postgres, "CREATE DATABASE bulk");
        }
        try (Connection shop = server.connect(DATABASE)) {
            Sql.run(
                    shop,
                    """
                    CREATE SCHEMA "odd schema";
                    CREATE TYPE mood AS ENUM ('good', 'bad');
                    CREATE TABLE accounts (id serial PRIMARY KEY, name text, mood mood DEFAULT 'good');
                    INSERT INTO accounts (name) SELECT 'a' || i FROM generate_series(1, 300) i;
                    CREATE TABLE "odd schema"."odd table" (id int);
                    INSERT INTO "odd schema"."odd table" SELECT generate_series(1, 7);
                    CREATE SEQUENCE "odd schema"."odd seq";
                    CREATE TABLE statuses (id int, month int) PARTITION BY LIST (month);
                    CREATE TABLE statuses_1 PARTITION OF statuses FOR VALUES IN (1);
                    CREATE TABLE statuses_2 PARTITION OF statuses FOR VALUES IN (2);
                    INSERT INTO statuses SELECT i, 1 + i % 2 FROM generate_series(1, 50) i;
                    CREATE MATERIALIZED VIEW totals AS SELECT count(*) FROM accounts;
                    CREATE MATERIALIZED VIEW never AS SELECT 1 AS x WITH NO DATA;
                    CREATE UNLOGGED TABLE cache (id int);
                    CREATE EXTENSION pg_stat_statements;
                    SELECT lo_from_bytea(0, 'large');
                    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; END';
                    CREATE TRIGGER refuse BEFORE INSERT ON accounts FOR EACH ROW EXECUTE FUNCTION refuse();
                    """);
        }
        try (Connection bulk = server.connect("bulk")) {
            Sql.run(
                    bulk,
                    "CREATE TABLE big AS SELECT md5(i::text) || md5((i * 7)::text) AS t"
                            + " FROM generate_series(1, 400000) i");
        }
    }

    ConnectionSpec database(String name) {
        return server.superuser(name).withApplicationName("switchback/test/backup");
    }

    /** An empty database to prove in. */
    ConnectionSpec scratch() throws SQLException {
        try (Connection postgres = server.connect("postgres")) {
            Sql.run(postgres, "DROP DATABASE IF EXISTS scratch WITH (FORCE)");
            Sql.run(postgres, "CREATE DATABASE scratch TEMPLATE template0");
        }
        return server.superuser("scratch");
    }

    static SafetyBackup.Manner manner(String... keyTables) {
        ClientTools tools = ClientTools.choose(15, 15);
        return new SafetyBackup.Manner(
                tools.pgDump(),
                tools.pgRestore(),
                List.of(keyTables),
                2,
                Optional.empty(),
                false,
                Exclusions.spilo());
    }

    static SafetyBackup.Manner at(SafetyBackup.Manner manner, long rate) {
        return new SafetyBackup.Manner(
                manner.pgDump(),
                manner.pgRestore(),
                manner.keyTables(),
                manner.jobs(),
                Optional.of(rate),
                manner.spare(),
                manner.exclusions());
    }

    static SafetyBackup.Manner sparing(SafetyBackup.Manner manner) {
        return new SafetyBackup.Manner(
                manner.pgDump(),
                manner.pgRestore(),
                manner.keyTables(),
                manner.jobs(),
                manner.maxRate(),
                true,
                manner.exclusions());
    }

    @Override
    public void close() {
        server.close();
    }
}
