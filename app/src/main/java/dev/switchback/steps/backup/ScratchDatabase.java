package dev.switchback.steps.backup;

import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.schema.Emptiness;
import dev.switchback.schema.TargetReset;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * The database on the target in which key tables are restored for the proof. Its name comes from
 * the migration's uid, it carries our marker, and it is gone when the proof ends. Nothing is
 * dropped that has neither our marker nor is empty.
 */
final class ScratchDatabase {
    private final World world;
    private final String step;
    private final String uid;

    ScratchDatabase(World world, String step, String uid) {
        this.world = world;
        this.step = step;
        this.uid = uid;
    }

    static String name(String uid) {
        String digits = uid.replace("-", "");
        return "switchback_proof_" + digits.substring(0, Math.min(12, digits.length()));
    }

    /**
     * Makes it afresh, in the encoding of the database to be proven; sorting does not matter for
     * counting, so its locale is one that every server has.
     */
    ConnectionSpec create(String like) throws SQLException {
        drop();
        String encoding;
        try (Connection source = Pg.open(world.source(like, step))) {
            encoding = Sql.one(source, "SHOW server_encoding");
        }
        try (Connection server = Pg.open(world.target("postgres", step))) {
            Sql.run(
                    server,
                    "CREATE DATABASE "
                            + Sql.identifier(name(uid))
                            + " TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C' CONNECTION LIMIT 20 ENCODING "
                            + Sql.literal(encoding));
        }
        ConnectionSpec scratch = world.target(name(uid), step);
        try (Connection inside = Pg.open(scratch)) {
            TargetReset.prepare(inside, uid);
            // nobody but us has business here
            Sql.run(
                    inside,
                    "REVOKE CONNECT ON DATABASE " + Sql.identifier(name(uid)) + " FROM PUBLIC");
        }
        return scratch;
    }

    /** Idempotent. */
    void drop() throws SQLException {
        try (Connection server = Pg.open(world.target("postgres", step))) {
            String there =
                    Sql.first(server, "SELECT 1 FROM pg_database WHERE datname = ?", name(uid));
            if (there == null) {
                return;
            }
            requireOurs();
            Sql.run(server, "DROP DATABASE " + Sql.identifier(name(uid)) + " WITH (FORCE)");
        }
    }

    private void requireOurs() throws SQLException {
        try (Connection inside = Pg.open(world.target(name(uid), step))) {
            String marker = TargetReset.marker(inside);
            // one without a marker was made by us and the process ended before it was marked
            boolean ours =
                    uid.equals(marker)
                            || (marker == null
                                    && Emptiness.userObjects(inside, Exclusions.none()).isEmpty());
            if (!ours) {
                throw new SwitchbackException(
                        Code.TARGET_NOT_EMPTY,
                        world.target().display() + "/" + name(uid),
                        "has the name of our scratch database and is not ours",
                        "look what it is, and rename or drop it");
            }
        }
    }
}
