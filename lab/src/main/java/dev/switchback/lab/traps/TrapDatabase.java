package dev.switchback.lab.traps;

import dev.switchback.lab.pg.PgServer;
import dev.switchback.pg.Sql;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Creates the smoke database: all traps that a server can hold, side by side in one database. */
public final class TrapDatabase {
    private static final String LIST = "list.txt";

    private TrapDatabase() {}

    /** Every trap, in the order of their numbers. */
    public static List<Trap> traps() {
        return text(LIST).lines().map(id -> Trap.parse(id, text(id + ".sql"))).toList();
    }

    /**
     * What a database holds.
     *
     * @param held traps that were planted
     * @param skipped traps that this server cannot hold, and why
     */
    public record Planted(List<Trap> held, Map<String, String> skipped) {}

    /** The roles that own things in the smoke database; a copy expects them on both servers. */
    public static void createRoles(PgServer server) throws SQLException {
        try (Connection postgres = server.connect("postgres")) {
            for (String role : List.of("trap_owner", "trap_reader")) {
                Sql.run(postgres, "CREATE ROLE " + role + " LOGIN");
            }
        }
    }

    /**
     * Creates the database on a server that has the roles.
     *
     * @param other the server it will be copied to: a trap that it cannot hold is skipped
     */
    public static Planted create(PgServer server, PgServer other, String database)
            throws SQLException {
        try (Connection postgres = server.connect("postgres")) {
            Sql.run(postgres, "CREATE DATABASE " + Sql.identifier(database));
        }
        List<Trap> held = new ArrayList<>();
        Map<String, String> skipped = new LinkedHashMap<>();
        try (Connection there = other.connect("postgres");
                Connection postgres = server.connect("postgres")) {
            for (Trap trap : traps()) {
                Optional<String> missing =
                        trap.missingOn(postgres, server.major())
                                .or(() -> missing(trap, there, other.major()));
                if (missing.isPresent()) {
                    skipped.put(trap.id(), missing.get());
                    continue;
                }
                // a session of its own: what a trap sets for new sessions does not reach the next
                try (Connection fresh = server.connect(database)) {
                    Sql.run(
                            fresh,
                            "SET datestyle = 'ISO, YMD'; SET timezone = 'UTC';"
                                    + " SET intervalstyle = 'postgres'; SET search_path = public;"
                                    + " SET bytea_output = 'hex'; SET statement_timeout = 0");
                    trap.plant(fresh, database);
                } catch (SQLException e) {
                    throw new IllegalStateException(
                            "trap " + trap.id() + " on " + server.major(), e);
                }
                held.add(trap);
            }
        }
        return new Planted(held, skipped);
    }

    private static Optional<String> missing(Trap trap, Connection server, int major) {
        try {
            return trap.missingOn(server, major);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot ask the target for " + trap.id(), e);
        }
    }

    private static String text(String name) {
        try (InputStream in =
                Objects.requireNonNull(
                        TrapDatabase.class.getResourceAsStream(name), "no resource " + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
