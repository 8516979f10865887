package dev.switchback.diagnose;

import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Supplier;

/** Both primaries as our own logins find them: reachable, how full, since when. */
final class ServerLook implements Look {
    private static final String STANDING =
            """
            SELECT current_setting('server_version'), current_setting('max_connections'),
                   current_setting('superuser_reserved_connections')::int
                     + coalesce(current_setting('reserved_connections', true)::int, 0),
                   (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),
                   pg_postmaster_start_time(), pg_is_in_recovery(),
                   (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
            """;

    @Override
    public String name() {
        return "the servers";
    }

    @Override
    public void take(World world, Evidence evidence) {
        look("source", () -> world.source("postgres", "diagnose"), evidence);
        look("target", () -> world.targetReader("postgres", "diagnose"), evidence);
    }

    private static void look(String side, Supplier<ConnectionSpec> login, Evidence evidence) {
        try (Connection server = Pg.open(login.get())) {
            server.setReadOnly(true);
            List<String[]> rows =
                    Sql.list(
                            server,
                            STANDING,
                            r ->
                                    new String[] {
                                        r.getString(1),
                                        r.getString(2),
                                        r.getString(3),
                                        r.getString(4),
                                        r.getTimestamp(5).toInstant().toString(),
                                        String.valueOf(r.getBoolean(6)),
                                        String.valueOf(r.getBoolean(7))
                                    });
            String[] row = rows.getFirst();
            evidence.saw(
                    Topic.SERVER,
                    side,
                    "reachable",
                    "true",
                    "version",
                    row[0],
                    "maxConnections",
                    row[1],
                    "reserved",
                    row[2],
                    "used",
                    row[3],
                    "started",
                    row[4],
                    "standby",
                    row[5],
                    "superuser",
                    row[6]);
        } catch (SwitchbackException e) {
            Refusal why = Refusal.of(e);
            evidence.saw(
                    Topic.SERVER,
                    side,
                    "reachable",
                    "false",
                    "code",
                    why.code(),
                    "state",
                    why.state(),
                    "words",
                    why.words());
            evidence.unread("the " + side + "'s server", e.problem().line());
        } catch (SQLException e) {
            evidence.unread("the " + side + "'s server", Pg.words(e));
        }
    }
}
