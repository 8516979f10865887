package dev.switchback.verify;

import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compares large objects one by one: which there are, owner, grants, length and every byte. Needs
 * the right to read {@code pg_largeobject}, which only superusers have, unless there are none.
 */
final class LargeObjectCheck {
    private static final int FETCH = 1_000;

    private final int wanted;
    private final List<String> examples = new ArrayList<>();
    private long differing;
    private long objects;

    private LargeObjectCheck(int wanted) {
        this.wanted = wanted;
    }

    /**
     * @param objects on the source
     * @param examples OID and what differs, not more than wanted
     * @param differing how many differ
     */
    record Found(long objects, List<String> examples, long differing) {}

    static Found run(BothSides sides, int wanted) throws SQLException {
        BothSides.Answers<String> counts =
                sides.ask("large objects", LargeObjectCheck::count, LargeObjectCheck::count);
        if (counts.agree() && counts.source().equals("0")) {
            return new Found(0, List.of(), 0);
        }
        BothSides.Answers<Cursor> both = sides.ask("large objects", Cursor::open, Cursor::open);
        try (Cursor source = both.source();
                Cursor target = both.target()) {
            LargeObjectCheck check = new LargeObjectCheck(wanted);
            check.merge(source, target);
            return new Found(check.objects, List.copyOf(check.examples), check.differing);
        }
    }

    private static String count(Connection session) throws SQLException {
        return Sql.one(session, "SELECT count(*) FROM pg_largeobject_metadata");
    }

    private record LargeObject(long oid, String owner, String grants, long bytes, String digest) {

        /** Null when both are the same. */
        @Nullable String difference(LargeObject other) {
            if (!owner.equals(other.owner)) {
                return "owner " + owner + ", on the target " + other.owner;
            }
            if (!grants.equals(other.grants)) {
                return "grants [" + grants + "], on the target [" + other.grants + "]";
            }
            if (bytes != other.bytes) {
                return bytes + " bytes, on the target " + other.bytes;
            }
            return digest.equals(other.digest) ? null : "content differs";
        }
    }

    private void merge(Cursor source, Cursor target) throws SQLException {
        LargeObject there = source.next();
        LargeObject here = target.next();
        while (there != null || here != null) {
            if (here == null || (there != null && there.oid < here.oid)) {
                tell(there, "only on the source");
                there = source.next();
                objects++;
            } else if (there == null || here.oid < there.oid) {
                tell(here, "only on the target");
                here = target.next();
            } else {
                tell(there, there.difference(here));
                there = source.next();
                here = target.next();
                objects++;
            }
        }
    }

    private void tell(@Nullable LargeObject object, @Nullable String what) {
        if (object == null || what == null) {
            return;
        }
        differing++;
        if (examples.size() < wanted) {
            examples.add(object.oid + " " + what);
        }
    }

    private record Cursor(PreparedStatement statement, ResultSet rows) implements AutoCloseable {

        static Cursor open(Connection session) throws SQLException {
            PreparedStatement statement =
                    session.prepareStatement(
                            Sql.resource(LargeObjectCheck.class, "large-objects.sql"));
            statement.setFetchSize(FETCH);
            return new Cursor(statement, statement.executeQuery());
        }

        @Nullable LargeObject next() throws SQLException {
            return rows.next()
                    ? new LargeObject(
                            rows.getLong(1),
                            rows.getString(2),
                            rows.getString(3),
                            rows.getLong(4),
                            rows.getString(5))
                    : null;
        }

        @Override
        public void close() throws SQLException {
            statement.close();
        }
    }
}
