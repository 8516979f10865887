package dev.switchback.backup;

import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Where backups lie. A backup is a set of archives, one a database, under one name; until {@link
 * #finish} it can be told from a finished one.
 */
interface Place extends AutoCloseable {
    /** For people, and for the journal: {@code s3://bucket/prefix/name} or a path. */
    String location(String name);

    /** For people: one archive of it. */
    String display(String name, String archive);

    /** What keeps a backup from being written there, tried for real and leaving nothing. */
    List<Problem> obstacles(long predictedBytes);

    /** Takes away what an earlier try left unfinished, and makes room for a new one. */
    void begin(String name) throws IOException;

    /**
     * @param started told what undo needs to take it back, before the first byte is written
     */
    Sink open(String name, String archive, long predictedBytes, Consumer<String> started)
            throws IOException;

    /** A file or folder for {@code pg_dump} itself to write, where there is one. */
    Optional<Path> local(String name, String archive);

    InputStream read(String name, String archive) throws IOException;

    /** Bytes of an archive as the place tells them now; empty when it is not there. */
    Optional<Long> size(String name, String archive) throws IOException;

    /** Total bytes of a finished backup; empty when it is not there (any more). */
    Optional<Long> finished(String name, List<String> archives) throws IOException;

    void finish(String name) throws IOException;

    /**
     * Removes what is unfinished; what is finished stays.
     *
     * @param started what {@link #open} told, by archive
     * @throws SwitchbackException when something may be left
     */
    void discard(String name, Map<String, String> started) throws IOException;

    @Override
    void close();
}
