package dev.switchback.schema;

import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Runs the archive's GRANT, REVOKE and ALTER DEFAULT PRIVILEGES statements, in one transaction.
 *
 * <p>Left out, each with a note: statements that name a role which stays behind or does not exist
 * here, and statements on an object that does not exist here. The latter can only be a member of an
 * extension that stays behind: the definitions were restored without tolerating an error.
 */
final class Privileges {
    /** undefined table, function, object, column, schema. */
    private static final Set<String> NO_SUCH_OBJECT =
            Set.of("42P01", "42883", "42704", "42703", "3F000");

    private final Connection connection;
    private final Exclusions exclusions;
    private final List<String> notes = new ArrayList<>();

    Privileges(Connection connection, Exclusions exclusions) {
        this.connection = connection;
        this.exclusions = exclusions;
    }

    List<String> apply(List<String> statements) throws SQLException {
        Set<String> present =
                new HashSet<>(
                        Sql.list(
                                connection,
                                "SELECT rolname FROM pg_catalog.pg_roles",
                                row -> row.getString(1)));
        connection.setAutoCommit(false);
        Sql.run(connection, "SET LOCAL search_path = ''");
        Sql.run(connection, "SET LOCAL transaction_read_only = off");
        String grantor = "";
        for (String statement : statements) {
            List<SqlText.Token> tokens = SqlText.tokens(statement);
            if (starts(tokens, "set", "session", "authorization")) {
                grantor = role(tokens, 3);
            } else if (starts(tokens, "reset", "session", "authorization")) {
                grantor = "";
            } else if (isPrivilege(tokens)) {
                List<String> roles = roles(tokens);
                if (!grantor.isEmpty()) {
                    roles.add(grantor);
                }
                String absent =
                        roles.stream()
                                .filter(r -> exclusions.role(r) || !present.contains(r))
                                .findFirst()
                                .orElse("");
                if (absent.isEmpty()) {
                    run(statement, grantor);
                } else {
                    notes.add("role " + absent + " stays behind: " + statement);
                }
            }
        }
        connection.commit();
        return List.copyOf(notes);
    }

    private void run(String statement, String grantor) throws SQLException {
        Savepoint before = connection.setSavepoint();
        try {
            if (!grantor.isEmpty()) {
                Sql.run(connection, "SET LOCAL SESSION AUTHORIZATION " + Sql.identifier(grantor));
            }
            Sql.run(connection, statement);
            if (!grantor.isEmpty()) {
                Sql.run(connection, "RESET SESSION AUTHORIZATION");
            }
            connection.releaseSavepoint(before);
        } catch (SQLException e) {
            if (!NO_SUCH_OBJECT.contains(e.getSQLState())) {
                throw e;
            }
            connection.rollback(before);
            notes.add("its object stays behind: " + statement);
        }
    }

    private static boolean isPrivilege(List<SqlText.Token> tokens) {
        return starts(tokens, "grant")
                || starts(tokens, "revoke")
                || starts(tokens, "alter", "default", "privileges");
    }

    private static boolean starts(List<SqlText.Token> tokens, String... words) {
        if (tokens.size() < words.length) {
            return false;
        }
        for (int i = 0; i < words.length; i++) {
            if (!tokens.get(i).is(words[i])) {
                return false;
            }
        }
        return true;
    }

    /**
     * The roles a statement names: behind the last TO or FROM outside parentheses (reserved words,
     * so an object of that name is quoted), and behind FOR ROLE. PUBLIC is none.
     */
    static List<String> roles(List<SqlText.Token> tokens) {
        List<String> roles = new ArrayList<>();
        int depth = 0;
        int grantees = -1;
        for (int i = 0; i < tokens.size(); i++) {
            SqlText.Token token = tokens.get(i);
            depth += token.symbol('(') ? 1 : token.symbol(')') ? -1 : 0;
            if (depth == 0 && (token.is("to") || token.is("from"))) {
                grantees = i + 1;
            }
            if (token.is("for") && i + 2 < tokens.size() && tokens.get(i + 1).is("role")) {
                roles.add(role(tokens, i + 2));
            }
        }
        for (int i = grantees; i >= 0 && i < tokens.size(); i++) {
            SqlText.Token token = tokens.get(i);
            if (token.is("with") || token.is("cascade") || token.is("restrict")) {
                break;
            }
            if (token.identifier() && !token.is("group") && !token.is("public")) {
                roles.add(token.value());
            }
        }
        return roles;
    }

    private static String role(List<SqlText.Token> tokens, int place) {
        return tokens.size() > place ? tokens.get(place).value() : "";
    }
}
