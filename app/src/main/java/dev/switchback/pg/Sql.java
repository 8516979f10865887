package dev.switchback.pg;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Quoting, SQL resources and the few query shapes every room needs. */
public final class Sql {
    private Sql() {}

    /** Maps the current row of a result set. */
    @FunctionalInterface
    public interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** A quoted identifier, always quoted so that no keyword list is needed. */
    public static String identifier(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** A string literal that reads the same whatever {@code standard_conforming_strings} says. */
    public static String literal(String text) {
        String quoted = "'" + text.replace("'", "''") + "'";
        return text.indexOf('\\') < 0 ? quoted : " E" + quoted.replace("\\", "\\\\");
    }

    /** The text of a {@code .sql} resource that sits beside {@code room}. */
    public static String resource(Class<?> room, String name) {
        try (InputStream in = room.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(
                        "no resource " + name + " beside " + room.getName());
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static <T> List<T> list(
            Connection connection, String sql, Row<T> row, Object... parameters)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                List<T> result = new ArrayList<>();
                while (rows.next()) {
                    result.add(row.read(rows));
                }
                return result;
            }
        }
    }

    /** The first column of the only row. */
    public static String one(Connection connection, String sql, Object... parameters)
            throws SQLException {
        List<String> rows = list(connection, sql, row -> row.getString(1), parameters);
        if (rows.size() != 1) {
            throw new SQLException("expected one row, got " + rows.size() + " from: " + sql);
        }
        return rows.getFirst();
    }

    /** The first column of the first row, or null when there is none. */
    public static @Nullable String first(Connection connection, String sql, Object... parameters)
            throws SQLException {
        List<String> rows = list(connection, sql, row -> row.getString(1), parameters);
        return rows.isEmpty() ? null : rows.getFirst();
    }

    public static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
