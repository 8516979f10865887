package dev.switchback.copy;

import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.DataSession;
import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sessions;
import dev.switchback.pg.Sql;
import dev.switchback.pg.Stopper;
import dev.switchback.pg.Workers;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Large objects with their OIDs, which columns of the user's hold, their owners, grants and
 * comments. Page by page, so memory does not depend on their size; a batch of objects commits at
 * once, and copying one again replaces it. Needs superusers on both sides: pages are read from
 * {@code pg_largeobject}.
 */
public final class LargeObjects {
    private static final int BATCH = 500;
    private static final int PAGES = 128;

    /** Every page is {@code LOBLKSIZE} long unless the server was built otherwise. */
    private static final int PAGE_BYTES = 2048;

    /**
     * @param objects how many were copied
     * @param bytes their stored bytes
     */
    public record Report(long objects, long bytes) {}

    /**
     * Equal when OIDs, owners and every page are.
     *
     * @param objects how many there are
     * @param sum an order-free sum of 64-bit hashes over objects and pages
     */
    public record Digest(long objects, String sum) {}

    private LargeObjects() {}

    /** Reads the digest of the session's database; scans {@code pg_largeobject}. */
    public static Digest digest(Connection connection) throws SQLException {
        return Sql.list(
                        connection,
                        Sql.resource(LargeObjects.class, "large-object-digest.sql"),
                        row -> new Digest(row.getLong(1), row.getString(2)))
                .getFirst();
    }

    /**
     * Copies all of them in one sequence of transactions; run again after a crash.
     *
     * @throws SwitchbackException COPY_FAILED with the server's words
     */
    public static Report copy(
            ConnectionSpec source, ConnectionSpec target, Exclusions exclusions, Stopper stopper)
            throws InterruptedException {
        List<Report> batches = new ArrayList<>();
        Workers.run(
                "large-objects",
                List.of(0L),
                1,
                stopper,
                sessions -> new Copier(source, target, exclusions, sessions, batches));
        return sum(batches);
    }

    /**
     * Copies what the reading session's snapshot shows.
     *
     * @param reader a superuser's session inside a transaction
     * @param writer a superuser's session without autocommit
     */
    public static Report copy(Connection reader, Connection writer, Exclusions exclusions) {
        List<Report> batches = new ArrayList<>();
        new Copier(reader, writer, exclusions, batches).take(0L);
        return sum(batches);
    }

    private static Report sum(List<Report> batches) {
        return new Report(
                batches.stream().mapToLong(Report::objects).sum(),
                batches.stream().mapToLong(Report::bytes).sum());
    }

    private record Copier(
            Connection reader, Connection writer, Exclusions exclusions, List<Report> batches)
            implements Workers.Worker<Long> {

        Copier(
                ConnectionSpec source,
                ConnectionSpec target,
                Exclusions exclusions,
                Sessions sessions,
                List<Report> batches)
                throws SQLException {
            this(
                    sessions.add(DataSession.reader(source)),
                    sessions.add(DataSession.writer(target)),
                    exclusions,
                    batches);
            reader.setAutoCommit(false);
            writer.setAutoCommit(false);
        }

        @Override
        public void take(Long after) {
            try {
                List<Long> batch = batch(after);
                while (!batch.isEmpty()) {
                    batches.add(copy(batch));
                    writer.commit();
                    batch = batch(batch.getLast());
                }
            } catch (SQLException e) {
                throw TableCopy.failed("large objects", Pg.words(e), e);
            }
        }

        private List<Long> batch(long after) throws SQLException {
            return Sql.list(
                    reader,
                    "SELECT oid::bigint FROM pg_largeobject_metadata WHERE oid > CAST(? AS oid)"
                            + " ORDER BY oid LIMIT "
                            + BATCH,
                    row -> row.getLong(1),
                    after);
        }

        private Report copy(List<Long> batch) throws SQLException {
            Array oids = writer.createArrayOf("oid", batch.toArray());
            Sql.list(
                    writer,
                    "SELECT lo_unlink(oid) FROM pg_largeobject_metadata WHERE oid = ANY (?)",
                    row -> row.getString(1),
                    oids);
            Sql.list(
                    writer,
                    "SELECT lo_create(o) FROM unnest(CAST(? AS oid[])) o",
                    row -> row.getString(1),
                    oids);
            long bytes = pages(batch);
            for (String statement :
                    Sql.list(
                            reader,
                            Sql.resource(LargeObjects.class, "large-object-properties.sql"),
                            row -> row.getString(1),
                            reader.createArrayOf("oid", batch.toArray()),
                            reader.createArrayOf("text", exclusions.roles().toArray()))) {
                Sql.run(writer, statement);
            }
            return new Report(batch.size(), bytes);
        }

        private long pages(List<Long> batch) throws SQLException {
            long bytes = 0;
            try (PreparedStatement read =
                            reader.prepareStatement(
                                    "SELECT loid::bigint, pageno, data FROM pg_largeobject"
                                            + " WHERE loid = ANY (?) ORDER BY loid, pageno");
                    PreparedStatement put =
                            writer.prepareStatement("SELECT lo_put(CAST(? AS oid), ?, ?)")) {
                read.setFetchSize(PAGES);
                read.setArray(1, reader.createArrayOf("oid", batch.toArray()));
                try (ResultSet page = read.executeQuery()) {
                    while (page.next()) {
                        byte[] data = page.getBytes(3);
                        put.setLong(1, page.getLong(1));
                        put.setLong(2, page.getLong(2) * PAGE_BYTES);
                        put.setBytes(3, data);
                        put.execute();
                        bytes += data.length;
                    }
                }
            }
            return bytes;
        }

        @Override
        public void close() throws SQLException {
            try (reader;
                    writer) {
                // both are closed
            }
        }
    }
}
