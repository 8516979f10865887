package dev.switchback.backup;

import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.pg.Stopper;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One archive from {@code pg_dump}'s pipe to its place, without scratch space, at a mild speed. */
record Streaming(
        Place place,
        String name,
        String archive,
        SafetyBackup.Manner manner,
        Consumer<String> note) {
    private static final long TELL_NANOS = TimeUnit.SECONDS.toNanos(10);

    /**
     * Nothing of it is left when this throws.
     *
     * @return SHA-256 of the bytes
     */
    String run(
            PipedProgram pgDump,
            List<String> command,
            ConnectionSpec source,
            Consumer<String> started,
            Stopper stopper)
            throws IOException, InterruptedException, SQLException {
        long predicted = predicted(source);
        MessageDigest digest = sha256();
        try (LatencyProbe probe = manner.spare() ? LatencyProbe.start(source) : null;
                Sink sink = place.open(name, archive, predicted, started)) {
            Throttle throttle = new Throttle(manner.maxRate(), probe, stopper, told(source));
            Telling telling = new Telling(source.database(), note);
            pgDump.read(
                    command,
                    source,
                    (buffer, length) -> {
                        digest.update(buffer, 0, length);
                        sink.write(buffer, length);
                        telling.passed(length);
                        throttle.passed(length);
                    });
            // only now is it known that pg_dump ended well
            sink.complete();
            return HexFormat.of().formatHex(digest.digest());
        }
    }

    private Consumer<String> told(ConnectionSpec source) {
        return text -> note.accept(source.database() + ": " + text);
    }

    private static long predicted(ConnectionSpec source) throws SQLException {
        try (var session = Pg.open(source)) {
            return Long.parseLong(Sql.one(session, "SELECT pg_database_size(current_database())"));
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Tells how far it is, now and then. */
    private static final class Telling {
        private final String database;
        private final Consumer<String> note;
        private final long start = System.nanoTime();
        private long last = start;
        private long bytes;

        Telling(String database, Consumer<String> note) {
            this.database = database;
            this.note = note;
        }

        void passed(int length) {
            bytes += length;
            long now = System.nanoTime();
            if (now - last > TELL_NANOS) {
                last = now;
                note.accept(
                        String.format(
                                Locale.ROOT,
                                "%s: %s dumped, %s/s",
                                database,
                                Bytes.of(bytes),
                                Bytes.of((long) (bytes / ((now - start) / 1e9)))));
            }
        }
    }
}
