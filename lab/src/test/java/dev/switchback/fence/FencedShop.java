package dev.switchback.fence;

import dev.switchback.lab.pg.PgServer;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Secret;
import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A database worth attacking, and the three roles that attack it: application, owner, superuser.
 */
final class FencedShop {
    static final Secret PASSWORD = Secret.of("shop-password");
    static final String APPLICATION = "shop_app";
    static final String OWNER = "shop_owner";
    static final String SUPERUSER = "shop_root";
    static final List<String> ROLES = List.of(APPLICATION, OWNER, SUPERUSER);

    private static final String TABLES =
            """
            CREATE TABLE accounts (id bigserial PRIMARY KEY, name text, n int DEFAULT 0);
            CREATE TABLE statuses (id bigserial PRIMARY KEY, account bigint REFERENCES accounts ON DELETE CASCADE);
            CREATE TABLE events (at date NOT NULL, what text) PARTITION BY RANGE (at);
            CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
            CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
            CREATE UNLOGGED TABLE scratch (n int);
            CREATE TABLE "Odd ""name" (n int);
            CREATE VIEW named AS SELECT id, name FROM accounts;
            CREATE SEQUENCE tickets;
            INSERT INTO accounts (name) SELECT 'a' || g FROM generate_series(1, 100) g;
            INSERT INTO statuses (account) SELECT id FROM accounts;
            SELECT lo_from_bytea(4242, 'large');
            GRANT ALL ON ALL TABLES IN SCHEMA public TO shop_app;
            GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO shop_app;
            GRANT CREATE ON SCHEMA public TO shop_app;
            GRANT SELECT, UPDATE ON LARGE OBJECT 4242 TO shop_app
            """;

    final PgServer server;
    final String database;

    private FencedShop(PgServer server, String database) {
        this.server = server;
        this.database = database;
    }

    static void createRoles(PgServer server) throws SQLException {
        try (Connection c = server.connect("postgres")) {
            for (String role : ROLES) {
                Sql.run(
                        c,
                        "CREATE ROLE "
                                + role
                                + " LOGIN PASSWORD '"
                                + PASSWORD.reveal()
                                + "'"
                                + (role.equals(SUPERUSER) ? " SUPERUSER" : ""));
            }
        }
    }

    static FencedShop create(PgServer server, String database) throws SQLException {
        try (Connection c = server.connect("postgres")) {
            Sql.run(c, "CREATE DATABASE " + database + " OWNER " + OWNER);
        }
        FencedShop shop = new FencedShop(server, database);
        try (Connection c = shop.login(SUPERUSER)) {
            Sql.run(c, "GRANT ALL ON SCHEMA public TO " + OWNER);
        }
        try (Connection c = shop.login(OWNER)) {
            Sql.run(c, TABLES);
        }
        return shop;
    }

    Fence fence() {
        return new Fence(spec(), List.of(database));
    }

    ConnectionSpec spec() {
        return server.superuser(database).withApplicationName("switchback/testrun/fence");
    }

    Connection login(String role) {
        return Pg.open(
                server.superuser(database)
                        .withLogin(role, PASSWORD)
                        .withApplicationName("shop-" + role),
                Duration.ofSeconds(30));
    }

    /** What a person would call the contents: rows, large objects and table definitions. */
    Map<String, String> contents() throws SQLException {
        try (Connection c = server.connect(database)) {
            return Map.of(
                    "accounts",
                    Sql.one(
                            c,
                            "SELECT md5(coalesce(string_agg(a::text, ',' ORDER BY id), '')) FROM accounts a"),
                    "statuses",
                    Sql.one(c, "SELECT count(*) || '/' || coalesce(sum(id), 0) FROM statuses"),
                    "events",
                    Sql.one(
                            c,
                            "SELECT md5(coalesce(string_agg(e::text, ',' ORDER BY e::text), '')) FROM events e"),
                    "scratch",
                    Sql.one(c, "SELECT count(*) || '/' || coalesce(sum(n), 0) FROM scratch"),
                    "large objects",
                    Sql.one(
                            c,
                            "SELECT md5(coalesce(string_agg(l::text, ',' ORDER BY loid, pageno), '')) FROM pg_largeobject l"),
                    "definitions",
                    Sql.one(
                            c,
                            "SELECT md5(string_agg(c::text, ',' ORDER BY oid)) FROM"
                                    + " (SELECT oid, relname, relnatts, relacl, relowner FROM pg_class"
                                    + " WHERE relnamespace = 'public'::regnamespace) c"));
        }
    }

    /** Everything the fence touches, as the catalogs show it; grants without their order. */
    Map<String, String> traces() throws SQLException {
        try (Connection c = server.connect(database)) {
            return Map.of(
                    "triggers",
                    Sql.one(
                            c,
                            "SELECT coalesce(string_agg(tgrelid::regclass::text || tgname || tgenabled::text, ',' ORDER BY oid), '')"
                                    + " FROM pg_trigger WHERE NOT tgisinternal"),
                    "event triggers",
                    Sql.one(
                            c,
                            "SELECT coalesce(string_agg(evtname || evtenabled::text, ','), '') FROM pg_event_trigger"),
                    "large-object grants",
                    Sql.one(
                            c,
                            "SELECT string_agg(f, ',' ORDER BY f) FROM (SELECT p.oid::regprocedure || a::text AS f"
                                    + " FROM pg_proc p, aclexplode(coalesce(proacl, acldefault('f', proowner))) a"
                                    + " WHERE proname LIKE 'lo%' AND pronamespace = 'pg_catalog'::regnamespace) x"),
                    "settings",
                    Sql.one(
                            c,
                            "SELECT coalesce(string_agg(setrole::text || setconfig::text, ',' ORDER BY setrole), '')"
                                    + " FROM pg_db_role_setting WHERE setdatabase ="
                                    + " (SELECT oid FROM pg_database WHERE datname = current_database())"),
                    "schemas",
                    Sql.one(
                            c,
                            "SELECT string_agg(nspname, ',' ORDER BY oid) FROM pg_namespace"
                                    + " WHERE nspname !~ '^pg_'"));
        }
    }
}
