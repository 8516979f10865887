package dev.switchback.steps.link;

import dev.switchback.copy.TableCopy;
import dev.switchback.link.Link;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.pg.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;

/**
 * Which rows of a seed are on the target. They are noted under a number of their own, not under the
 * attempt: a seed outlives a cutover that was put back.
 */
final class SeedNotes {
    /** Far above any attempt. */
    static final int NUMBER = 1_000_000;

    private SeedNotes() {}

    /** Whether every published table has its rows. */
    static boolean complete(Link link) throws SQLException, InterruptedException {
        Set<TableId> left = new HashSet<>(link.published());
        left.removeAll(copied(link));
        return left.isEmpty();
    }

    static Set<TableId> copied(Link link) throws SQLException {
        try (Connection target = Pg.open(link.subscriber())) {
            return TableCopy.copied(target, NUMBER);
        }
    }

    /** Rows of an older snapshot do not count for a new one. */
    static void forget(Link link) throws SQLException {
        try (Connection target = Pg.open(link.subscriber())) {
            if (Sql.first(target, "SELECT to_regclass('switchback.copied')") != null) {
                Sql.run(
                        target,
                        "DELETE FROM switchback.copied WHERE attempt = "
                                + NUMBER
                                + "; DELETE FROM switchback.copied_part WHERE attempt = "
                                + NUMBER);
            }
        }
    }
}
