package dev.switchback.lab.traffic;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;

/**
 * The append-only copy of the ledger, tab-separated, for people and for after a crash of the lab.
 */
final class LedgerFile implements AutoCloseable {
    private final BufferedWriter out;

    LedgerFile(Path path) {
        try {
            this.out =
                    Files.newBufferedWriter(
                            path,
                            StandardCharsets.UTF_8,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One line, on its way to the disk when this returns. */
    synchronized void append(Instant at, String kind, String... fields) {
        StringBuilder line = new StringBuilder(at.toString()).append('\t').append(kind);
        for (String field : fields) {
            line.append('\t').append(field.replaceAll("[\\t\\n\\r]", " "));
        }
        try {
            out.append(line).append('\n').flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
