package dev.switchback.verify;

import dev.switchback.pg.DataSession;
import dev.switchback.pg.Exclusions;
import dev.switchback.pg.PinnedSnapshot;
import dev.switchback.pg.UserTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** What two snapshots hold, table beside table. */
final class Snapshots {
    private Snapshots() {}

    record Pairs(List<Pair> tables, List<Pair> materializedViews) {}

    static Pairs pairs(PinnedSnapshot source, PinnedSnapshot target, Exclusions exclusions) {
        Content there = content(source, "source", exclusions);
        Content here = content(target, "target", exclusions);
        return new Pairs(
                Pair.of(there.tables, here.tables),
                Pair.of(there.materializedViews, here.materializedViews));
    }

    private record Content(List<UserTable> tables, List<UserTable> materializedViews) {}

    private static Content content(PinnedSnapshot snapshot, String side, Exclusions exclusions) {
        try (Connection session = DataSession.reader(snapshot.spec())) {
            snapshot.join(session);
            return new Content(
                    UserTable.tables(session, exclusions),
                    UserTable.materializedViews(session, exclusions));
        } catch (SQLException e) {
            throw BothSides.notProven(snapshot.spec().display(), side, e);
        }
    }
}
