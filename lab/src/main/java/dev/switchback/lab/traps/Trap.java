package dev.switchback.lab.traps;

import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One trap: what it plants in the smoke database, and the questions whose answers must be the same
 * on both sides after a copy.
 *
 * @param id name of its file: {@code 090-sequences}
 * @param title the trap in a few words
 * @param why what goes wrong in tools that do not know it
 * @param fromMajor oldest server that can hold it
 * @param feature what a server must have been built with: {@code xml}, {@code icu}
 * @param extensions that the servers must offer
 * @param script the statements; {@code :database} stands for the database's quoted name; {@code --
 *     then} ends a transaction
 * @param same queries to be asked on both sides
 */
public record Trap(
        String id,
        String title,
        String why,
        int fromMajor,
        Optional<String> feature,
        List<String> extensions,
        String script,
        List<String> same) {

    static Trap parse(String id, String text) {
        String title = "";
        String why = "";
        int fromMajor = 13;
        Optional<String> feature = Optional.empty();
        List<String> extensions = List.of();
        List<String> same = new ArrayList<>();
        StringBuilder script = new StringBuilder();
        for (String line : text.split("\n", -1)) {
            Optional<String> asked = after(line, "-- same: ");
            if (asked.isPresent()) {
                same.add(asked.get());
            } else if (after(line, "-- trap: ").isPresent()) {
                title = after(line, "-- trap: ").get();
            } else if (after(line, "-- why: ").isPresent()) {
                why = after(line, "-- why: ").get();
            } else if (after(line, "-- majors: ").isPresent()) {
                fromMajor = Integer.parseInt(after(line, "-- majors: ").get().replace("+", ""));
            } else if (after(line, "-- feature: ").isPresent()) {
                feature = after(line, "-- feature: ");
            } else if (after(line, "-- extension: ").isPresent()) {
                extensions = List.of(after(line, "-- extension: ").get().split(" "));
            } else {
                script.append(line).append('\n');
            }
        }
        if (title.isEmpty() || why.isEmpty() || same.isEmpty()) {
            throw new IllegalStateException("trap " + id + " lacks its title, why or question");
        }
        return new Trap(id, title, why, fromMajor, feature, extensions, script.toString(), same);
    }

    private static Optional<String> after(String line, String mark) {
        return line.startsWith(mark)
                ? Optional.of(line.substring(mark.length()).strip())
                : Optional.empty();
    }

    /** Why this server cannot hold it, if it cannot. */
    public Optional<String> missingOn(Connection server, int major) throws SQLException {
        if (major < fromMajor) {
            return Optional.of("known since PostgreSQL " + fromMajor);
        }
        for (String extension : extensions) {
            if (Sql.list(
                            server,
                            "SELECT 1 FROM pg_available_extensions WHERE name = "
                                    + Sql.literal(extension),
                            row -> row.getInt(1))
                    .isEmpty()) {
                return Optional.of("this server has no extension " + extension);
            }
        }
        if (feature.isPresent() && !hasFeature(server, feature.get())) {
            return Optional.of("this server was built without " + feature.get());
        }
        return Optional.empty();
    }

    private static boolean hasFeature(Connection server, String feature) throws SQLException {
        String probe =
                feature.equals("xml")
                        ? "SELECT '<a/>'::xml"
                        : "SELECT 1 / count(*)::int FROM pg_collation WHERE collprovider = 'i'";
        try {
            Sql.list(server, probe, row -> row.getString(1));
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    /** Plants it in a database. */
    void plant(Connection connection, String database) throws SQLException {
        for (String part :
                script.replace(":database", Sql.identifier(database)).split("-- then\n")) {
            Sql.run(connection, part);
        }
    }

    /** The answers of one side, a line a row. */
    public List<String> answers(Connection connection) throws SQLException {
        List<String> answers = new ArrayList<>();
        // what the database sets for its sessions must not colour the answers
        Sql.run(connection, "SET search_path = public; SET statement_timeout = 0");
        Sql.run(connection, "SET datestyle = 'ISO, YMD'; SET timezone = 'UTC'");
        Sql.run(connection, "SET intervalstyle = 'postgres'");
        Sql.run(connection, "SET bytea_output = 'hex'; SET extra_float_digits = 1");
        for (String query : same) {
            answers.addAll(Sql.list(connection, query, Trap::line));
        }
        return answers;
    }

    private static String line(ResultSet row) throws SQLException {
        StringBuilder line = new StringBuilder();
        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
            line.append(i == 1 ? "" : " | ").append(row.getString(i));
        }
        return line.toString();
    }
}
