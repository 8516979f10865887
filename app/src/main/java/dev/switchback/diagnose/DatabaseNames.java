package dev.switchback.diagnose;

import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.util.List;

/**
 * The databases to look at: those that are moved, or the target's own when the source, which lists
 * them, is not there any more.
 */
final class DatabaseNames {
    private DatabaseNames() {}

    static List<String> of(World world, Evidence evidence) throws InterruptedException {
        try {
            return world.databases();
        } catch (SwitchbackException e) {
            evidence.unread("the source's databases", e.problem().line());
        }
        return evidence.tried(
                        "the target's databases",
                        () -> {
                            try (Connection target =
                                    Pg.open(world.targetReader("postgres", "diagnose"))) {
                                return Sql.list(
                                        target,
                                        "SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate"
                                                + " AND datname <> 'postgres' ORDER BY 1",
                                        row -> row.getString(1));
                            }
                        })
                .orElse(List.of());
    }
}
