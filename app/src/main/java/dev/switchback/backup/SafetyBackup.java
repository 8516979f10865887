package dev.switchback.backup;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Pg;
import dev.switchback.pg.PinnedSnapshot;
import dev.switchback.pg.Stopper;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A backup at one place.
 *
 * <ol>
 *   <li>{@link #begin}: what an earlier try left unfinished is taken away.
 *   <li>{@link #dump}, once a database: one snapshot, its catalog and the key tables' counts; then
 *       {@code pg_dump} of that snapshot. A bucket and a limited rate take one stream; a folder
 *       without a limit takes a directory.
 *   <li>{@link Dump#prove}: what lies there is read back: every byte of a stream, the table of
 *       contents against the catalog, the key tables restored and counted.
 *   <li>{@link #finish}: it gets its name.
 * </ol>
 *
 * <p>A finished backup is never overwritten nor deleted. {@link #discard} takes back what is
 * unfinished.
 */
public final class SafetyBackup implements AutoCloseable {
    /** Streams are as compressible at 1 as at 6 within a few percent, three times as fast. */
    private static final String COMPRESSION = "--compress=1";

    private final Place place;
    private final String name;

    private SafetyBackup(Place place, String name) {
        this.place = place;
        this.name = name;
    }

    /**
     * @param name of the backup: one name is one backup, whatever process works on it
     */
    public static SafetyBackup in(Path folder, String name) {
        return new SafetyBackup(new FolderPlace(folder), name);
    }

    public static SafetyBackup in(BucketAccess bucket, String name) {
        return new SafetyBackup(new BucketPlace(bucket), name);
    }

    static SafetyBackup in(Place place, String name) {
        return new SafetyBackup(place, name);
    }

    /**
     * How a dump is taken.
     *
     * @param pgDump and
     * @param pgRestore the programs, not older than the source
     * @param keyTables tables to be restored for the proof: {@code table} or {@code schema.table}
     * @param jobs sessions that read the source at the same time, where that is possible
     * @param maxRate bytes a second; empty: not limited
     * @param spare whether the dump waits when the source answers slowly
     * @param exclusions what the target need not know to take the key tables
     */
    public record Manner(
            Path pgDump,
            Path pgRestore,
            List<String> keyTables,
            int jobs,
            Optional<Long> maxRate,
            boolean spare,
            Exclusions exclusions) {}

    /** For people: where it lies. */
    public String location() {
        return place.location(name);
    }

    /** What keeps it from being written there, tried for real; leaves nothing. */
    public List<Problem> obstacles(long predictedBytes) {
        return place.obstacles(predictedBytes);
    }

    /**
     * @throws SwitchbackException BACKUP_DESTINATION, BACKUP_BUCKET
     */
    public void begin() {
        try {
            place.begin(name);
        } catch (IOException e) {
            throw unwritable(location(), e);
        }
    }

    /**
     * Dumps one database.
     *
     * @param started told, before the first byte, what {@link #discard} needs to know
     * @throws SwitchbackException BACKUP_FAILED with pg_dump's own words, BACKUP_NO_ROOM,
     *     BACKUP_BUCKET; nothing of this database is left then
     */
    public Dump dump(
            ConnectionSpec source,
            Manner manner,
            Consumer<String> started,
            Stopper stopper,
            Consumer<String> note)
            throws InterruptedException {
        boolean streamed =
                manner.maxRate().isPresent()
                        || place.local(name, archive(source.database(), true)).isEmpty();
        String archive = archive(source.database(), streamed);
        try (PinnedSnapshot snapshot = PinnedSnapshot.open(source)) {
            Contents contents = Contents.read(snapshot, manner.keyTables());
            List<String> command = new ArrayList<>();
            command.addAll(List.of(manner.pgDump().toString(), "--no-password", COMPRESSION));
            command.addAll(List.of("--snapshot=" + snapshot.id(), "--lock-wait-timeout=60s"));
            PipedProgram pgDump = new PipedProgram(Code.BACKUP_FAILED, source.display(), stopper);
            String digest = "";
            if (streamed) {
                command.add("--format=custom");
                digest =
                        new Streaming(place, name, archive, manner, note)
                                .run(pgDump, command, source, started, stopper);
            } else {
                note.accept(
                        source.database()
                                + ": dumped into a directory; a directory's speed cannot be limited,"
                                + " spec.backup.maxRate would write one stream instead");
                command.addAll(List.of("--format=directory", "--jobs=" + manner.jobs()));
                command.add("--file=" + place.local(name, archive).orElseThrow());
                pgDump.read(command, source, (buffer, length) -> {});
            }
            long bytes = place.size(name, archive).orElse(0L);
            return new Dump(place, name, archive, source, manner, contents, digest, bytes);
        } catch (IOException e) {
            throw unwritable(place.display(name, archive), e);
        } catch (SQLException e) {
            throw new SwitchbackException(
                    new Problem(
                            Code.BACKUP_FAILED,
                            source.display(),
                            "the catalog and the key tables cannot be read: " + Pg.words(e),
                            "mend what the server says, then run again"),
                    e);
        }
    }

    /** From here it is a finished backup. */
    public void finish() {
        try {
            place.finish(name);
        } catch (IOException e) {
            throw unwritable(location(), e);
        }
    }

    /**
     * Bytes of the finished backup as its place tells them now; empty when it is not there.
     *
     * @param archives as {@link Dump#archive} named them
     */
    public Optional<Long> finished(List<String> archives) {
        try {
            return place.finished(name, archives);
        } catch (IOException e) {
            throw new SwitchbackException(
                    new Problem(
                            Code.BACKUP_DESTINATION,
                            location(),
                            "cannot be read: " + e,
                            "make it readable, then run again"),
                    e);
        }
    }

    /**
     * Takes back what is unfinished; idempotent.
     *
     * @param started what {@link #dump} told, by archive
     */
    public void discard(Map<String, String> started) {
        try {
            place.discard(name, started);
        } catch (IOException e) {
            throw unwritable(location(), e);
        }
    }

    /** A file name that any database's name fits into. */
    public static String archive(String database, boolean streamed) {
        return URLEncoder.encode(database, StandardCharsets.UTF_8)
                + (streamed ? ".dump" : ".directory");
    }

    /**
     * Key tables that none of these databases has; all sessions in one go, so that all are told.
     */
    public static List<String> absent(List<String> keyTables, List<Connection> databases)
            throws SQLException {
        List<String> absent = new ArrayList<>();
        for (String table : keyTables) {
            boolean found = false;
            for (Connection database : databases) {
                found |= !Contents.leaves(database, table).isEmpty();
            }
            if (!found) {
                absent.add(table);
            }
        }
        return absent;
    }

    static SwitchbackException unwritable(String where, IOException e) {
        String words = String.valueOf(e.getMessage());
        boolean full =
                words.contains("No space left")
                        || words.contains("quota")
                        || words.contains("File too large");
        return new SwitchbackException(
                new Problem(
                        full ? Code.BACKUP_NO_ROOM : Code.BACKUP_DESTINATION,
                        where,
                        "cannot be written: " + e,
                        full
                                ? "make room, or name a larger volume in spec.backup.to"
                                : "mend the folder or name another in spec.backup.to"),
                e);
    }

    @Override
    public void close() {
        place.close();
    }
}
