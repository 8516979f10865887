package dev.switchback.verify;

import dev.switchback.pg.DataSession;
import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Pg;
import dev.switchback.pg.PinnedSnapshot;
import dev.switchback.pg.TableId;
import dev.switchback.pg.UserTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What two snapshots hold, table beside table, and how both sides can be read.
 *
 * @param source the source's catalog
 * @param target the target's
 */
record Snapshots(Content source, Content target) {

    /**
     * One side's catalog.
     *
     * @param major the server's
     * @param encoding the database's
     */
    record Content(
            List<UserTable> tables,
            List<UserTable> materializedViews,
            Map<TableId, TableShape> shapes,
            int major,
            String encoding) {

        TableShape shape(TableId table) {
            return shapes.getOrDefault(table, TableShape.NONE);
        }
    }

    static Snapshots of(PinnedSnapshot source, PinnedSnapshot target, Exclusions exclusions) {
        return new Snapshots(
                content(source, "source", exclusions), content(target, "target", exclusions));
    }

    List<Pair> tables(Predicate<TableId> wanted) {
        return Pair.of(source.tables, target.tables).stream()
                .filter(pair -> wanted.test(pair.id()))
                .toList();
    }

    List<Pair> materializedViews(Predicate<TableId> wanted) {
        return Pair.of(source.materializedViews, target.materializedViews).stream()
                .filter(pair -> wanted.test(pair.id()))
                .toList();
    }

    boolean sameEncoding() {
        return source.encoding.equals(target.encoding);
    }

    /** Records are hashed from 14 on. */
    RowForm.Kind kind() {
        if (!sameEncoding()) {
            return RowForm.Kind.TEXT_UTF8;
        }
        return Math.min(source.major, target.major) < 14 ? RowForm.Kind.TEXT : RowForm.Kind.RECORD;
    }

    private static Content content(PinnedSnapshot snapshot, String side, Exclusions exclusions) {
        try (Connection session = DataSession.reader(snapshot.spec())) {
            snapshot.join(session);
            return new Content(
                    UserTable.tables(session, exclusions),
                    UserTable.materializedViews(session, exclusions),
                    TableShape.all(session, exclusions),
                    Pg.major(session),
                    DataSession.encoding(session));
        } catch (SQLException e) {
            throw BothSides.notProven(snapshot.spec().display(), side, e);
        }
    }
}
