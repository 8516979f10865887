package dev.switchback.schema;

import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a database is beside its contents and may be given to one that exists: its owner, the limit
 * of its connections, grants, comment, and settings, also those for one role in it. A dump of the
 * contents brings none of them.
 *
 * <p>They are read under the source's snapshot and written last, when no session of a copy is to be
 * opened any more: a setting such as {@code session_replication_role} or {@code
 * idle_session_timeout} belongs to the applications, not to us.
 *
 * @param owner of the database
 * @param connections its limit
 * @param grants and comment, as {@link DatabaseGrants} reads them
 * @param settings statements with {@code %1$s} for its name, and the role each names or ""
 */
public record DatabaseAttributes(
        String owner, int connections, List<String> grants, List<Setting> settings) {

    /** One setting as a statement. */
    record Setting(String role, String statement) {}

    /**
     * Reads them of the session's own database. The read-only default of a fence that stands is the
     * fence's and not read.
     */
    public static DatabaseAttributes read(Connection db) throws SQLException {
        String name = Sql.one(db, "SELECT current_database()");
        boolean fenced =
                Sql.first(
                                db,
                                "SELECT 1 FROM pg_event_trigger WHERE evtname = 'switchback_fence_ddl'")
                        != null;
        List<Setting> settings =
                DatabaseProperties.settings(db, name).stream()
                        .filter(s ->
                                !fenced
                                        || !s.statement()
                                                .contains(" SET default_transaction_read_only TO"))
                        .toList();
        return new DatabaseAttributes(
                Sql.one(
                        db,
                        "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = ?",
                        name),
                Integer.parseInt(
                        Sql.one(
                                db,
                                "SELECT datconnlimit FROM pg_database WHERE datname = ?",
                                name)),
                DatabaseGrants.read(db, name, Exclusions.none()),
                settings);
    }

    /**
     * Gives them to a database. Grants and comment become exactly these; settings that only the
     * target has stay.
     *
     * @param server a superuser's session on its server
     * @return what could not be given, and why: a role that does not exist, a parameter that this
     *     major does not know
     */
    public List<String> write(Connection server, String database) throws SQLException {
        List<String> notes = new ArrayList<>();
        Set<String> roles =
                new HashSet<>(
                        Sql.list(server, "SELECT rolname FROM pg_roles", row -> row.getString(1)));
        String name = Sql.identifier(database);
        String alter = "ALTER DATABASE " + name;
        if (roles.contains(owner)) {
            Sql.run(server, alter + " OWNER TO " + Sql.identifier(owner));
        } else {
            notes.add("the database keeps its owner: role " + owner + " does not exist");
        }
        Sql.run(server, alter + " CONNECTION LIMIT " + connections);
        List<String> possible = new ArrayList<>();
        for (String grant : grants) {
            List<String> absent =
                    grant.startsWith("COMMENT ")
                            ? List.of()
                            : Privileges.roles(SqlText.tokens(grant.replace("%1$s", "x"))).stream()
                                    .filter(r -> !roles.contains(r))
                                    .toList();
            if (absent.isEmpty()) {
                possible.add(grant);
            } else {
                notes.add("role " + absent.getFirst() + " does not exist: " + shown(grant, name));
            }
        }
        DatabaseGrants.write(server, database, Exclusions.none(), possible);
        for (Setting setting : settings) {
            if (!setting.role().isEmpty() && !roles.contains(setting.role())) {
                notes.add(
                        "role "
                                + setting.role()
                                + " does not exist: its settings in this database stay behind");
                continue;
            }
            try {
                Sql.run(server, shown(setting.statement(), name));
            } catch (SQLException e) {
                // the value may be an application's secret: the statement is not shown
                notes.add(
                        "a setting of the database stays behind, "
                                + shown(setting.statement(), name).replaceFirst(" TO .*", "")
                                + ": "
                                + Pg.words(e));
            }
        }
        return notes;
    }

    private static String shown(String statement, String name) {
        return statement.replace("%1$s", name);
    }
}
